"""Messages in the record: id and arguments, so that they can be said in another language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from greenland.i18n import Text

Texts = Mapping[str, tuple[str, Mapping[str, Any]]]


class Message(BaseModel):
    """A message of the program, as it was said and as it can be said again.

    ``str(message)`` says it in the language in use.

    Parameters
    ----------
    text : str
        In the language of the record.
    id : str
        The message in Chinese with its ``{fields}``.
    args : dict
        What stands in the fields: names and figures as they are, and further messages.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(description="按结果文件的语言写出的文字")
    id: str = Field(description="消息原文，{ } 内为参数名")
    args: dict[str, Message | str | float | int | bool | None] = Field(
        default_factory=dict, description="参数；可含其他消息"
    )

    def __str__(self) -> str:
        """Say it in the language in use; as it stands where the message is not known any more."""
        shown = {
            name: str(value) if isinstance(value, Message) else value
            for name, value in self.args.items()
        }
        try:
            return str(Text(self.id, shown))
        except (LookupError, ValueError, TypeError):
            return self.text


def stored(text: Text) -> dict[str, Any]:
    """A message as it stands in the file."""
    return _stored(str(text), text.message_id, text.message_args)


def _stored(text: str, message_id: str, args: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": text, "id": message_id, "args": {k: _argument(v) for k, v in args.items()}}


def _argument(value: Any) -> Any:
    if isinstance(value, Text):
        return stored(value)
    if value is None or isinstance(value, Message | str | bool | int | float):
        return value
    item = getattr(value, "item", None)  # a number of NumPy
    return item() if callable(item) else str(value)


def _recognised(value: Any, info: ValidationInfo) -> Any:
    """A string of the program as the message it is; every other string stays one.

    Tables of pandas keep no subclass of str. What was said while they were filled is therefore
    handed in with the validation, by its words, and looked up in fields for messages only.
    """
    if isinstance(value, Text):
        return stored(value)
    if isinstance(value, str) and info.context:
        said = info.context.get("texts", {}).get(value)
        if said is not None:
            return _stored(value, *said)
    return value


Said = Annotated[Message | str, BeforeValidator(_recognised)]
