"""What is done to campaigns and ballots, one file for each step of their life.

`planning` before anybody answers, `opening` and `issuing` while pupils come, `pool` and `cards` as ballots arrive,
`closing` and `counting` at the end, `record` for whoever checks it later. `holding` says how they wait for each other.
"""
