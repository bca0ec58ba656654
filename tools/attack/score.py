"""What guesses are worth: hits, and how far they are from chance."""

import math
from dataclasses import dataclass

LIMIT = 3.8
"""Standard deviations beyond which a strategy has found something."""
BY_CHANCE = 0.00015
"""With few classes, hits are not spread as a bell: beyond the limit, they must also be as rare as this."""
PROOF = 20.0
"""What a strategy must reach on the mistake that it lives on."""


@dataclass
class Score:
    """Trials, each a hit with a chance that is known: for a matching of a whole class, one hit in the mean."""

    trials: int = 0
    hits: int = 0
    mean: float = 1.0
    """Hits by chance in one trial."""
    variance: float = 1.0

    def add(self, hits: int) -> None:
        """One trial more."""
        self.trials += 1
        self.hits += hits

    @property
    def z(self) -> float:
        """(hits − R) / √R for matchings of R classes; the like for other trials."""
        return (self.hits - self.trials * self.mean) / math.sqrt(self.trials * self.variance) if self.trials else 0.0

    @property
    def alarms(self) -> bool:
        """Whether this is more than chance."""
        return self.z > LIMIT and self._tail() < BY_CHANCE

    def _tail(self) -> float:
        """The chance of so many hits or more, from Poisson's law or from the binomial one."""
        if self.mean == 1.0:
            return 1 - sum(
                math.exp(count * math.log(self.trials) - self.trials - math.lgamma(count + 1))
                for count in range(self.hits)
            )
        n, chosen, other = self.trials, math.log(self.mean), math.log(1 - self.mean)
        return sum(
            math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * chosen + (n - k) * other)
            for k in range(self.hits, n + 1)
        )


def one_of(many: float) -> Score:
    """Trials that hit once in `many` by chance."""
    return Score(mean=1 / many, variance=1 / many * (1 - 1 / many))
