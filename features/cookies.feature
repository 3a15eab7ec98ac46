Feature: Cookies
  No script may read the session cookie, and it is sent over https only.

  Background:
    Given Ann is signed in

  @cookie-session-is-http-only @must @high @core
  @defect-ck-session-cookie-not-httponly @part-of-asvs-3.3.4 @rfc6265bis-4.1.2.6 @wstg-sess-02 @cwe-1004
  Scenario: Every cookie that signs in is HttpOnly
    When Ann's cookies are tried to find those that sign her in
    Then every cookie that signs Ann in is HttpOnly

  @cookie-session-is-secure @must @high @core @needs-https
  @defect-ck-session-cookie-not-secure @part-of-asvs-3.3.1 @rfc6265bis-4.1.2.5 @wstg-sess-02 @cwe-614
  Scenario: Over https every cookie that signs in is Secure
    When Ann's cookies are tried to find those that sign her in
    Then every cookie that signs Ann in is Secure

  @cookie-not-remembered-ends-with-the-browser @should @low @needs-remember-me
  @defect-ck-persistent-despite-not-remembered @wstg-athn-05 @cwe-539
  Scenario: A session that is not to be remembered ends with the browser
    When Ann signs in on a borrowed computer and asks not to be remembered
    And Ann closes the browser of the borrowed computer
    Then the borrowed computer no longer signs Ann in

  @cookie-fits-into-browsers @should @low
  @defect-ck-oversized-cookie @asvs-3.3.5 @rfc6265bis-5.6
  Scenario: No cookie is larger than browsers keep, however long the name
    When Zoe signs up with a name of 3000 characters
    Then every cookie fits into a browser
