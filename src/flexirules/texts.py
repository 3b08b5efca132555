def reason_text(c): return c
def action_text(c): return c
def question_text(c): return c
