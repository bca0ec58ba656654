"""The editor of a school's own questionnaires: a draft is composed, translated, read as a pupil does, and then kept.

`draft` is a draft and what may be done with it, `texts` what is to be translated, `checks` what speaks against keeping
it; these are pure rules, as is `typed`, which reads the forms. `service` keeps drafts; `views` are the pages.

What does not belong here: what a questionnaire is (`schema`, `content`), how a school keeps one (`own`).
"""
