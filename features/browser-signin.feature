Feature: Signing up, in and out in a browser
  People do all of this with pages and buttons. It works there, and the browser keeps nothing that it should not.

  @browser-signup @must @core @needs-browser
  @defect-ui-signin-flow-broken @asvs-6.2.8
  Scenario: Somebody new signs up on the page and sees their own tasks page
    When Zoe signs up on the sign-up page
    Then her browser shows Zoe's tasks page
    And it still does after a reload

  @browser-signin-and-out @must @core @needs-browser
  @defect-ui-signin-flow-broken @defect-ui-signout-incomplete @asvs-7.4.1 @asvs-7.4.4
  Scenario: Somebody signs in on the page and out with the button
    Given Ann is signed in
    When Ann signs in on the sign-in page
    Then her browser shows Ann's tasks page
    And after the sign-out button it is signed out and asks her to sign in again

  @browser-wrong-password-is-told @must @needs-browser
  @defect-ui-error-not-shown @asvs-6.3.8
  Scenario: A wrong password is told on the page and leads nowhere
    Given Ann is signed in
    When Ann types a wrong password on the sign-in page
    Then the page says that they are not right, and nobody is signed in

  @browser-back-shows-nothing @should @needs-browser
  @defect-ui-back-button-shows-data @asvs-14.3.2 @wstg-athn-06 @cwe-525
  Scenario: The Back button brings nothing back after sign-out
    Given Ann is signed in
    And Ann has a task
    When Ann signs in on the sign-in page and out with the button
    And she goes back in her browser
    Then nothing of Ann's is on the page

  @browser-protected-page-redirects @must @core @needs-browser
  @defect-pr-page-unguarded @asvs-8.3.1 @wstg-athz-02 @cwe-425
  Scenario: A stranger who opens a protected page in a browser ends at sign-in
    Given Ann is signed in
    And Ann has a task
    And her browser shows Ann's tasks page when it holds her session
    When a stranger opens the protected page in a browser
    Then the browser is at the sign-in page and nothing of Ann's is on it

  @browser-returns-after-signin @must @needs-browser
  @defect-pr-not-returned-after-signin @asvs-8.3.1
  Scenario: Whoever was sent to sign in gets to a protected page afterwards
    Given Ann is signed in
    When a stranger opens the protected page in a browser
    And signs in there as Ann
    Then her browser shows Ann's tasks page

  @browser-scripts-read-no-session @must @core @needs-browser
  @defect-ck-session-cookie-not-httponly @asvs-3.3.4 @wstg-sess-02 @cwe-1004
  Scenario: No script on the page can read the session cookie
    Given Ann is signed in
    When Ann signs in on the sign-in page
    Then the browser holds her session cookie and no script can read it

  @browser-target-elsewhere-is-not-followed @must @core @needs-browser
  @defect-si-open-redirect-absolute @asvs-3.7.2 @wstg-clnt-04 @cwe-601
  Scenario Outline: A sign-in page opened with <parameter> pointing elsewhere stays at home
    Given Ann is signed in
    When Ann signs in on the sign-in page opened with <parameter> pointing to another site
    Then her browser shows Ann's tasks page

    Examples:
      | parameter   |
      | next        |
      | callbackURL |
      | redirectTo  |
      | returnTo    |
