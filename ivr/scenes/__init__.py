"""Every way of asking on the phone, by the name that a call's state holds."""

from ivr.scene import Scene
from ivr.scenes.address import AddressScene
from ivr.scenes.enter import CheckScene, EnterScene
from ivr.scenes.heard import HeardScene
from ivr.scenes.hotline import HotlineScene, TransferScene
from ivr.scenes.menu import MenuScene
from ivr.scenes.person import CallbackScene, ConnectingScene, DialScene, GoodbyeScene, QueueScene
from ivr.scenes.resume import ResumeScene
from ivr.scenes.talk import TalkScene
from ivr.scenes.tell import RecordScene, TellScene

SCENES: dict[str, Scene] = {
    "menu": MenuScene(),
    "talk": TalkScene(),
    "heard": HeardScene(),
    "enter": EnterScene(),
    "check": CheckScene(),
    "address": AddressScene(),
    "tell": TellScene(),
    "record": RecordScene(),
    "resume": ResumeScene(),
    "hotline": HotlineScene(),
    "transfer": TransferScene(),
    "connecting": ConnectingScene(),
    "dial": DialScene(),
    "queue": QueueScene(),
    "callback": CallbackScene(),
    "goodbye": GoodbyeScene(),
}
