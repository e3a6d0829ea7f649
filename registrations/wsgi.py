"""The app for a server that runs it in several processes: ``granian --interface wsgi registrations.wsgi:app --workers 2``.

The settings are those of ``serve``. The processes share the folder and nothing else. No letters are sent from here, so that no
process has to be the one that does it: ``python -m registrations send`` from cron sends them.
"""

import os
import sys
from collections.abc import Mapping

import falcon

from registrations import filesystem, settings
from registrations.desk import Desk
from registrations.errors import RegistrationsError, complain
from registrations.limits import Limits
from registrations.web import application


def build(environment: Mapping[str, str]) -> falcon.App:
    """The app over the store that the environment names. Raises SettingError, CatalogueError, StoreError."""
    chosen = settings.read(environment, letters=False)
    filesystem.check(chosen)
    filesystem.warn(chosen)
    desk = Desk(chosen.store, chosen.catalogue)
    desk.sweep()
    desk.put_in_order()
    return application(desk, chosen.catalogue, Limits(on=chosen.limits, proxies=chosen.proxies), verify=chosen.verify)


try:
    app = build(os.environ)
except RegistrationsError as error:
    complain(str(error))
    sys.exit(2)
