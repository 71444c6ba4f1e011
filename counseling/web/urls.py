"""The client's pages. Nothing here leads to a staff page, and no address names a person."""

from __future__ import annotations

from django.urls import path

from counseling.web import answering, finishing, opening, stopping

app_name = "client"

urlpatterns = [
    path("f/<str:token>/", opening.open_link, name="open"),
    path("q/<str:ref>/", opening.introduce, name="introduction"),
    path("q/<str:ref>/<int:number>/", answering.answer_part, name="part"),
    path("q/<str:ref>/check/", finishing.check_answers, name="check"),
    path("q/<str:ref>/done/", finishing.show_receipt, name="receipt"),
    path("stop/<str:signed>/", stopping.choose_emails, name="stop"),
]
