"""Sizes a site: the linear optimum, made exclusive, in whole units, solved again for studies."""
