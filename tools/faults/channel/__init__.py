"""Does the channel lose a message? Eight writers send without a pause while something goes wrong; afterwards the group
reads its inbox, and every message that a writer was told has arrived must be there, once, and readable.

`python -m tools.faults.channel`; writers, group and servers speak HTTP over sockets, and the server is the product's
own command. What does not belong here: the closing of a survey (`tools.faults`).
"""
