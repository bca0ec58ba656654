"""What may be said of the schools of a territory together, beside one of them. Pure rules over released counts.

Everything here is added up from numbers that were released to their own schools. Still, a sum over two schools would
give one of them the other's: hence the least number of schools and of answers, and no school that makes most of it.
The sums are made once and stay: two of them, before and after a school joined, would tell that school's numbers.

Sources: Sport England's pupil survey hides areas of two schools or fewer, and those under 150 answers; INSEE hides a
number of which one contributor makes more than 85 per cent. Five schools, and half, are our choice.

What does not belong here: rankings, or a school's name beside a number: there are none.
"""

from collections.abc import Sequence

from ent_module.surveys.model import ABOVE, ANSWERED
from ent_module.surveys.results import Counts

FEWEST_SCHOOLS = 5
FEWEST_ANSWERS = 150
LARGEST_PART = 0.5
"""The most that one school may make of all answers to a question."""


def together(schools: Sequence[Counts]) -> Counts:
    """The sums of the questions that enough schools tell: how many answered, how many beyond the threshold.

    In: what was released of each school, of one questionnaire.
    """
    asked = {item for school in schools for item in school}
    return {item: told for item in sorted(asked) if (told := _added(item, schools))}


def _added(item: str, schools: Sequence[Counts]) -> dict[str, int] | None:
    telling = [counts for school in schools if {ABOVE, ANSWERED} <= (counts := school.get(item, {})).keys()]
    answers = [counts[ANSWERED] for counts in telling]
    if len(telling) < FEWEST_SCHOOLS or sum(answers) < FEWEST_ANSWERS or max(answers) > LARGEST_PART * sum(answers):
        return None
    return {ANSWERED: sum(answers), ABOVE: sum(counts[ABOVE] for counts in telling)}


def others(all_schools: Counts, own: Counts) -> Counts:
    """The same sums without a school that is in them, which is compared with the others and not with itself.

    A question that the school itself does not tell is left out.
    """
    return {
        item: {name: total[name] - own[item][name] for name in (ANSWERED, ABOVE)}
        for item, total in all_schools.items()
        if {ABOVE, ANSWERED} <= own.get(item, {}).keys()
    }
