"""The endpoints, one module per subject; each is imported so that the registry finds its classes."""

from tests.testserver.endpoints import (
    accounts as accounts,
)
from tests.testserver.endpoints import (
    basic_types as basic_types,
)
from tests.testserver.endpoints import (
    custom_classes as custom_classes,
)
from tests.testserver.endpoints import (
    database as database,
)
from tests.testserver.endpoints import (
    failures as failures,
)
from tests.testserver.endpoints import (
    files as files,
)
from tests.testserver.endpoints import (
    hierarchy as hierarchy,
)
from tests.testserver.endpoints import (
    lists as lists,
)
from tests.testserver.endpoints import (
    logs as logs,
)
from tests.testserver.endpoints import (
    maps as maps,
)
from tests.testserver.endpoints import (
    messages as messages,
)
from tests.testserver.endpoints import (
    modules as modules,
)
from tests.testserver.endpoints import (
    polymorphism as polymorphism,
)
from tests.testserver.endpoints import (
    records as records,
)
from tests.testserver.endpoints import (
    scopes as scopes,
)
from tests.testserver.endpoints import (
    sets as sets,
)
from tests.testserver.endpoints import (
    shapes as shapes,
)
from tests.testserver.endpoints import (
    simple as simple,
)
from tests.testserver.endpoints import (
    streaming as streaming,
)
from tests.testserver.endpoints import (
    tools as tools,
)
