"""The tool's side of LTI 1.3: a platform (Moodle, Open edX, the demo's portal) launches us, and someone is signed in.

What does not belong here: what happens after the last check (`sign_in`), who may do what (`identity`), and the
platform's side (tests and demo have platforms of their own, which share no code with this room).
"""
