"""Every way of asking on the phone, by the name that a call's state holds."""

from ivr.station import Station
from ivr.stations.address import AddressStation
from ivr.stations.dial import DialStation
from ivr.stations.ending import CallbackStation, GoodbyeStation
from ivr.stations.enter import CheckStation, EnterStation
from ivr.stations.heard import HeardStation
from ivr.stations.hotline import HotlineStation, TransferStation
from ivr.stations.menu import MenuStation
from ivr.stations.person import ConnectingStation
from ivr.stations.placed import AlertStation, AppointmentStation, SurveyStation
from ivr.stations.queue import QueueStation
from ivr.stations.resume import ResumeStation
from ivr.stations.review import TrainingReviewStation, TrainingWordsStation
from ivr.stations.talk import TalkStation
from ivr.stations.tell import RecordStation, TellStation
from ivr.stations.training import TrainingStation

STATIONS: dict[str, Station] = {
    "survey": SurveyStation(),
    "appointment": AppointmentStation(),
    "training_news": TrainingStation(),
    "training_review": TrainingReviewStation(),
    "training_words": TrainingWordsStation(),
    "staff_alert": AlertStation(),
    "menu": MenuStation(),
    "talk": TalkStation(),
    "heard": HeardStation(),
    "enter": EnterStation(),
    "check": CheckStation(),
    "address": AddressStation(),
    "tell": TellStation(),
    "record": RecordStation(),
    "resume": ResumeStation(),
    "hotline": HotlineStation(),
    "transfer": TransferStation(),
    "connecting": ConnectingStation(),
    "dial": DialStation(),
    "queue": QueueStation(),
    "callback": CallbackStation(),
    "goodbye": GoodbyeStation(),
}
