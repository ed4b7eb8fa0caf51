#!/usr/bin/env python3
"""Asks the gate from Python, by ctypes. docs/gate.md.

    LIBRARY=libmarktwacht_gate.so.1 ./gate.py GATE_FOLDER ACCOUNT withdraw ASSET AMOUNT
    LIBRARY=libmarktwacht_gate.so.1 ./gate.py GATE_FOLDER ACCOUNT login DEVICE
"""
import ctypes
import os
import sys
import time


class Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("size", ctypes.c_size_t)]


class Decimal(ctypes.Structure):
    _fields_ = [("mantissa_low", ctypes.c_uint64), ("mantissa_high", ctypes.c_int64),
                ("exponent", ctypes.c_int32), ("known", ctypes.c_uint32)]


class Question(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("action", ctypes.c_uint32), ("now_ns", ctypes.c_int64),
                ("account_id", Text), ("instrument_id", Text),
                ("side", ctypes.c_uint8), ("position_side", ctypes.c_uint8),
                ("spot", ctypes.c_uint8), ("liquidation", ctypes.c_uint8),
                ("reserved", ctypes.c_uint32),
                ("quantity", Decimal), ("position", Decimal), ("asset", Text),
                ("amount", Decimal), ("leverage", Decimal), ("position_opened_ts", ctypes.c_int64),
                ("device_id", Text), ("ip", Text), ("address", Text)]


class Answer(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("word", ctypes.c_uint32), ("reason", ctypes.c_uint32),
                ("reserved", ctypes.c_uint32), ("measure", ctypes.c_uint64),
                ("word_text", ctypes.c_char_p), ("reason_text", ctypes.c_char_p),
                ("measure_id", ctypes.c_char * 24)]


LOGIN, WITHDRAW = 2, 8  # enum mw_action


class Gate:
    """One for a process; `ask` may be called from any thread."""

    def __init__(self, folder: str, key: bytes = b""):
        self.library = ctypes.CDLL(os.environ.get("LIBRARY", "libmarktwacht_gate.so.1"))
        self.library.mw_gate_open.restype = ctypes.c_void_p
        self.library.mw_gate_open.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t,
                                              ctypes.c_char_p, ctypes.c_size_t]
        self.library.mw_gate_check.argtypes = [ctypes.c_void_p, ctypes.POINTER(Question),
                                               ctypes.POINTER(Answer)]
        self.library.mw_gate_token.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t,
                                               ctypes.c_char_p]
        self.library.mw_gate_close.argtypes = [ctypes.c_void_p]
        error = ctypes.create_string_buffer(256)
        self.gate = self.library.mw_gate_open(folder.encode(), key, len(key), error, len(error))
        if not self.gate:
            raise OSError(error.value.decode())

    def close(self):
        self.library.mw_gate_close(self.gate)

    def token(self, plain: str) -> str:
        """What stands for a device, ip or address: itself where there is no key."""
        token = ctypes.create_string_buffer(65)
        made = self.library.mw_gate_token(self.gate, plain.encode(), len(plain.encode()), token)
        return token.value.decode() if made == 0 else plain

    def decimal(self, text: str) -> Decimal:
        value = Decimal()
        if self.library.mw_decimal_parse(text.encode(), ctypes.c_size_t(len(text)),
                                         ctypes.byref(value)) != 0:
            raise ValueError(f"{text} is no number")
        return value

    def ask(self, action: int, account: str, **known) -> tuple[str, str, str]:
        question = Question(size=ctypes.sizeof(Question), action=action, now_ns=time.time_ns(),
                            account_id=text(account), **known)
        answer = Answer(size=ctypes.sizeof(Answer))
        self.library.mw_gate_check(self.gate, ctypes.byref(question), ctypes.byref(answer))
        return (answer.word_text.decode(), answer.reason_text.decode(), answer.measure_id.decode())


def text(value: str) -> Text:
    data = value.encode()
    return Text(data, len(data))


def main():
    folder, account, action, *rest = sys.argv[1:]
    gate = Gate(folder, os.environ.get("MARKTWACHT_DEPLOYMENT_KEY", "").encode())
    if action == "withdraw":
        answer = gate.ask(WITHDRAW, account, asset=text(rest[0]), amount=gate.decimal(rest[1]))
    else:
        answer = gate.ask(LOGIN, account, device_id=text(gate.token(rest[0])))
    print(*answer)
    gate.close()


if __name__ == "__main__":
    main()
