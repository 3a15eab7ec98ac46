"""Flask-Security with its own pages and JSON, and items in JSON behind its session cookie."""

import secrets
import sys

from flask import Flask, abort, jsonify, request
from flask_security import Security, SQLAlchemyUserDatastore, auth_required, current_user
from flask_security.models import fsqla_v3
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config |= {
    "SECRET_KEY": secrets.token_urlsafe(32),
    "SECURITY_PASSWORD_SALT": str(secrets.SystemRandom().getrandbits(128)),
    "SECURITY_PASSWORD_HASH": "argon2",
    "SQLALCHEMY_DATABASE_URI": f"sqlite:///{sys.argv[2]}",
    "SECURITY_REGISTERABLE": True,
    "SECURITY_SEND_REGISTER_EMAIL": False,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_POST_LOGIN_VIEW": "/home",
    "SECURITY_POST_REGISTER_VIEW": "/home",
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SECURITY_PASSWORD_LENGTH_MIN": 8,
    "WTF_CSRF_CHECK_DEFAULT": True,
}
db = SQLAlchemy(app)
fsqla_v3.FsModels.set_db_info(db)


class Role(db.Model, fsqla_v3.FsRoleMixin):
    """A role."""


class User(db.Model, fsqla_v3.FsUserMixin):
    """A user."""


class Item(db.Model):
    """What a user keeps."""

    id = db.Column(db.Integer, primary_key=True)
    owner = db.Column(db.Integer, nullable=False)
    title = db.Column(db.String(500), nullable=False)

    def shown(self) -> dict:
        return {"id": self.id, "title": self.title}


app.security = Security(app, SQLAlchemyUserDatastore(db, User, Role))
with app.app_context():
    db.create_all()


def title() -> str:
    given = request.get_json(silent=True)
    text = given.get("title") if isinstance(given, dict) else None
    if not isinstance(text, str) or not 0 < len(text) <= 500:
        abort(400)
    return text


def own(number: int) -> Item:
    return Item.query.filter_by(id=number, owner=current_user.id).first() or abort(404)


@app.get("/home")
@auth_required("session")
def home():
    leaving = "<form method=post action=/logout><button>Sign out</button></form>"
    return f"<p>{current_user.email}</p>{leaving}<script>fetch('/api/items')</script>"


@app.get("/api/me")
@auth_required("session")
def me():
    return jsonify(id=current_user.id, email=current_user.email)


@app.get("/api/items")
@auth_required("session")
def listed():
    return jsonify([one.shown() for one in Item.query.filter_by(owner=current_user.id)])


@app.post("/api/items")
@auth_required("session")
def create():
    item = Item(owner=current_user.id, title=title())
    db.session.add(item)
    db.session.commit()
    return jsonify(item.shown()), 201


@app.get("/api/items/<int:number>")
@auth_required("session")
def read(number: int):
    return jsonify(own(number).shown())


@app.put("/api/items/<int:number>")
@auth_required("session")
def replace(number: int):
    item = own(number)
    item.title = title()
    db.session.commit()
    return jsonify(item.shown())


@app.delete("/api/items/<int:number>")
@auth_required("session")
def delete(number: int):
    db.session.delete(own(number))
    db.session.commit()
    return "", 204


@app.get("/")
def front():
    return "<a href=/login>Log in</a>"


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]), threaded=True)
