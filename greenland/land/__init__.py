"""The land programme: one module for each system, each with ``evaluate`` and a result.

`standard_land` (标准地), `per_mu` (亩均效益), `review` (土地节约集约利用评价), `stock` (存量土地),
`exit` (动态评估与退出), `admission` (项目准入), `reallocate` (再配置), `policy` (差别化政策) and
`geometry` (宗地图形) are loaded when they are first used.
"""

from greenland.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
