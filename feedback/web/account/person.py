"""Who is at the page: the guard has let somebody in, so there is one."""

from feedback.web.sessions import SignedIn, signed_in


def me() -> SignedIn:
    """The signed-in person. Raises RuntimeError on a page that the guard does not stand before."""
    person = signed_in()
    if person is None:
        raise RuntimeError("nobody is signed in")
    return person
