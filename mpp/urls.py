"""Which address leads where? (contract section 3)"""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.i18n import JavaScriptCatalog

from queueing.api import api
from queueing.views import (
    accuracy,
    calendar,
    desk,
    devices,
    display,
    door,
    follow,
    greeter,
    health,
    history,
    kiosk,
    kiosks,
    metrics,
    overview,
    pairing,
    report,
    screens,
    sign_in,
    slip,
    staff,
)
from survey.views import phone as survey_phone
from survey.views import report as survey_report
from survey.views import results as survey_results
from survey.views import tablet as survey_tablet
from voice import views as voice

# Its address names the language, so any cache may keep it for a while.
words_of_modules = gzip_page(
    cache_control(public=True, max_age=300)(JavaScriptCatalog.as_view(domain="djangojs"))
)

handler500 = "queueing.answers.broken"

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("admin/login/", sign_in.admin_sign_in),
    path("admin/", admin.site.urls),
    path("jsi18n/", words_of_modules, name="jsi18n"),
    path("sign-in", sign_in.SignIn.as_view(), name="sign-in"),
    path("lock", sign_in.lock, name="lock"),
    path("second-factor", sign_in.second_step, name="second-factor"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("home", door.home, name="home"),
    path("", door.door, name="door"),
    path("v/<slug:token>", follow.follow, name="follow"),
    path("v/<slug:token>/qr.svg", follow.qr, name="follow-qr"),
    path("v/<slug:token>/slip", slip.page, name="slip"),
    path("v/<slug:token>/slip/<uuid:ticket_id>", slip.receipt, name="slip-receipt"),
    path("v/<slug:token>/survey", survey_phone.phone, name="survey"),
    path("<slug:hall>/survey", survey_tablet.tablet, name="survey-tablet"),
    path("<slug:hall>/skm", survey_results.public, name="skm"),
    path("<slug:hall>/skm/report", survey_report.report, name="skm-report"),
    path("<slug:hall>/skm/report.csv", survey_report.export, name="skm-export"),
    path("<slug:hall>/slip", slip.sample_page, name="slip-sample"),
    path("<slug:hall>/slip/receipt", slip.sample_receipt, name="slip-sample-receipt"),
    path("<slug:hall>/slip/logo.png", slip.logo, name="slip-logo"),
    path("<slug:hall>/slip/preview", slip.preview, name="slip-preview"),
    path("<slug:hall>/", door.start, name="start"),
    path("<slug:hall>/accuracy", accuracy.accuracy, name="accuracy"),
    path("<slug:hall>/kiosk", kiosk.kiosk, name="kiosk"),
    path("<slug:hall>/desk", desk.desk, name="desk"),
    path("<slug:hall>/desk/<int:number>", desk.counter, name="desk-counter"),
    path("<slug:hall>/desk/<int:number>/state.json", desk.state, name="desk-state"),
    path("<slug:hall>/display", display.display, name="display"),
    path("<slug:hall>/display/<slug:screen>", display.display, name="display-screen"),
    path("<slug:hall>/lobby/logo.png", display.logo, name="lobby-logo"),
    path("<slug:hall>/lobby/<int:pk>.<slug:digest>", display.medium, name="medium"),
    path("<slug:hall>/greeter", greeter.greeter, name="greeter"),
    path("<slug:hall>/manager", overview.manager, name="manager"),
    path("<slug:hall>/manager/state.json", overview.state, name="manager-state"),
    path("<slug:hall>/manager/<slug:code>/line.json", overview.line, name="manager-line"),
    path("<slug:hall>/report", report.report, name="report"),
    path("<slug:hall>/report.csv", report.export, name="report-export"),
    path("<slug:hall>/staff", staff.staff, name="staff"),
    path("<slug:hall>/staff/<int:person>/<slug:verb>", staff.act, name="staff-act"),
    path("<slug:hall>/audit", history.history, name="audit"),
    path("<slug:hall>/calendar", calendar.calendar, name="calendar"),
    path("<slug:hall>/devices", devices.devices, name="devices"),
    path("<slug:hall>/devices/screens", screens.states, name="screens"),
    path("<slug:hall>/devices/screens/check", screens.check, name="screens-check"),
    path("<slug:hall>/devices/screens/state.json", screens.state, name="screens-state"),
    path("<slug:hall>/devices/<int:device>/screen", screens.screen, name="screen"),
    path("<slug:hall>/devices/<int:device>", kiosks.kiosk, name="device"),
    path("<slug:hall>/devices/<int:device>/state.json", kiosks.state, name="device-state"),
    path("<slug:hall>/devices/<int:device>/lock", kiosks.lock, name="device-lock"),
    path("<slug:hall>/devices/<int:device>/test", kiosks.test, name="device-test"),
    path("<slug:hall>/devices/<int:device>/rename", devices.rename, name="device-rename"),
    path("<slug:hall>/devices/<int:device>/revoke", devices.revoke, name="device-revoke"),
    path("<slug:hall>/pair/<slug:kind>", pairing.pair, name="pair"),
    path("<slug:hall>/pair/<slug:kind>/state.json", pairing.state, name="pair-state"),
    path("<slug:hall>/voice/<slug:language>/manifest.json", voice.manifest, name="voice-manifest"),
    path("<slug:hall>/voice/<slug:language>/reading.json", voice.reading, name="voice-reading"),
    path("<slug:hall>/voice/<slug:language>/example.wav", voice.example, name="voice-example"),
    path(
        "<slug:hall>/voice/<slug:language>/<slug:name>.<slug:digest>.wav",
        voice.clip,
        name="voice-clip",
    ),
]
