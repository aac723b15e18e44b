"""Numbers by which parks are compared; ``method.yaml`` has their reasons.

None of them judges a park: bottom places, falls and goals are rules.
"""

LEAST_PEERS = 3
LEAST_RANKED_SHARE = 0.5
SAME_WITHIN = 1e-9
OUTLIER_PEERS = 8
OUTLIER_SCORE = 3.5
NORMAL_MAD = 0.6745
ON_A_LIMIT = 1e-3
OUTLINE_DECIMALS = 6
