"""What every method of RKNN and RKNNLite has in common: a failure is one logged sentence and a return value."""
from __future__ import annotations

import functools
from typing import Any, Callable, TypeVar, cast

from sixtops import Error

F = TypeVar("F", bound=Callable[..., Any])


class StepError(Exception):
    """A sentence for the user: what was expected, what was found, what to do."""


def step(failure: Any = -1) -> Callable[[F], F]:
    """Turns what a method raises into a line `E name: sentence` and the return value `failure`."""

    def decorate(method: F) -> F:
        name = method.__name__

        @functools.wraps(method)
        def wrapped(self: Any, *arguments: Any, **options: Any) -> Any:
            try:
                return method(self, *arguments, **options)
            except (StepError, Error) as error:
                self._log.error(f"{name}: {error}")
            except OSError as error:
                self._log.error(f"{name}: {error.filename or 'a file'}: {error.strerror or error}")
            except Exception as error:  # a defect of ours: users get a sentence all the same
                self._log.error(f"{name}: internal error, {type(error).__name__}: {error}")
            return failure

        return cast(F, wrapped)

    return decorate


def board_only(what: str) -> StepError:
    return StepError(f"{what} needs a board, which this machine is not and has none connected.")
