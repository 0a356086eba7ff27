"""The store of all runs: a SQLite database, checkpoints beside it, and who is alive.

`Store` reads and edits what was kept, a `Keeper` keeps what is trained.
"""

from tuinn.store.error import StoreError
from tuinn.store.folder import store_folder
from tuinn.store.keeper import Keeper, KeptRun
from tuinn.store.run import Status, StoredRun
from tuinn.store.store import Store

__all__ = ["Keeper", "KeptRun", "Status", "Store", "StoreError", "StoredRun", "store_folder"]
