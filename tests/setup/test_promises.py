"""Words that may promise too much are found; plain invitations are not."""

import pytest

from ent_module.setup.promises import promises


@pytest.mark.parametrize(
    "text",
    [
        "Tout reste SECRET.",
        "Personne ne saura.",
        "Personne n’en parle.",
        "On ne le dit jamais à tes parents.",
        "C’est anonyme.",
        "Un lieu de confidentialité",
        "Nous te promettons d’aider.",
        "It stays a secret.",
        "Nobody will know",
        "We never tell.",
        "This is anonymous",
        "كل شيء سرّي",
        "هذا سرّ بيننا",
        "لا أحد سيعرف",
        "لن يعرف أحد",
        "لن نقول ذلك أبدًا",
        "رسالتك مجهولة",
        "بسرية تامة",
        "نعدك",
    ],
)
def test_a_promise_is_found(text: str) -> None:
    assert promises([text])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tu peux passer à la vie scolaire, le mardi à midi.",
        "Une personne t’écoute. Ces personnes sont au bureau B12.",
        "You can come to room 12 at noon.",
        "يمكنك أن تأتي إلى مكتب الحياة المدرسية",
        "تحدّث مع أسرتك أو مع المدرسة",
        "نحن هنا بسرعة",
        "سرنا أن نراك بعد الدرس",
    ],
)
def test_an_invitation_is_not(text: str) -> None:
    assert promises([text]) == []


def test_each_word_is_named_once() -> None:
    assert promises(["Secret, secret", "secret ; jamais"]) == ["secret", "jamais"]
