"""The mailbox's addresses; included by embedded mode only."""

from django.urls import path

from config.mailbox import views

app_name = "mailbox"
urlpatterns = [
    path("", views.mail_list, name="list"),
    path("<slug:mail_id>/", views.mail_page, name="message"),
    path("<slug:mail_id>/html/", views.mail_html, name="html"),
]
