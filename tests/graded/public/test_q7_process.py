"""Question 7: is everything there, in the right form?"""

from gradescope_utils.autograder_utils.decorators import number

from autograder.checks.words import judge_hours
from autograder.scoring.public import PublicTestCase


class TestProcess(PublicTestCase):
    @number("7")
    def test_process(self):
        """Sources, collaborators and hours"""
        self.judge(
            sources=self.words(lambda homework: homework.q7_process.sources, short_ok=True),
            collaborators=self.words(lambda homework: homework.q7_process.collaborators, short_ok=True),
            hours=self.plain(lambda homework: homework.q7_process.hours, judge_hours),
        )
