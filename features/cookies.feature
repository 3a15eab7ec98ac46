Feature: Cookies
  The cookie that is the session can be read by no script and travels over no open wire.

  Background:
    Given Ann is signed in

  @cookie-session-is-http-only @must @high @core
  @defect-ck-session-cookie-not-httponly @part-of-asvs-3.3.4 @rfc6265bis-4.1.2.6 @wstg-sess-02 @cwe-1004
  Scenario: Every cookie that signs in is HttpOnly
    When someone finds out which of Ann's cookies sign her in
    Then there is one, and each is HttpOnly

  @cookie-session-is-secure @must @high @core @needs-https
  @defect-ck-session-cookie-not-secure @part-of-asvs-3.3.1 @rfc6265bis-4.1.2.5 @wstg-sess-02 @cwe-614
  Scenario: Over https every cookie that signs in is Secure
    When someone finds out which of Ann's cookies sign her in
    Then there is one, and each is Secure
