import threading
import time

from bot.core.courtesy import courteously


def test_nothing_is_left_out_or_moved() -> None:
    assert list(courteously(iter("news"))) == ["n", "e", "w", "s"]
    assert list(courteously([])) == []


def test_whoever_waits_runs_before_the_work_is_done() -> None:
    """Each step asks for less than the 5 ms after which a thread is made to step aside."""
    steps: list[str] = []
    began = threading.Event()

    def work() -> None:
        for _ in courteously(range(50)):
            began.set()
            until = time.perf_counter() + 0.001
            while time.perf_counter() < until:
                time.sleep(0)  # lets go, and takes back at once
            steps.append("work")

    worker = threading.Thread(target=work)
    worker.start()
    began.wait()
    steps.append("others")
    worker.join()

    assert steps.count("work") == 50
    assert steps.index("others") < 45
