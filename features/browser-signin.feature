Feature: Signing up, in and out in a browser
  People do all of this with pages and buttons. It works there, and the browser keeps nothing that it should not.

  @browser-signup @must @high @core @needs-browser
  @defect-ui-signin-flow-broken @functional
  Scenario: Somebody new signs up on the page and sees their own tasks page
    When Zoe signs up on the sign-up page
    Then the browser shows Zoe's tasks page
    And it still does after a reload

  @browser-signin @must @high @core @needs-browser
  @defect-ui-signin-flow-broken @functional
  Scenario: Somebody signs in on the page and stays signed in when it is loaded again
    Given Ann is signed in
    And Ann has a task
    When Ann signs in on the sign-in page
    Then the browser shows Ann's tasks page
    And it still does after a reload

  @browser-signout @must @high @core @needs-browser
  @defect-ui-signin-flow-broken @defect-ui-signout-incomplete @asvs-7.4.1 @part-of-asvs-7.4.4 @wstg-sess-06 @cwe-613
  Scenario: The sign-out button ends the session
    Given Ann is signed in
    And Ann has a task
    And Ann has signed in on the sign-in page of her laptop
    And someone has captured the session of Ann's laptop
    And the captured session opens Ann's session endpoint
    When Ann presses the sign-out button
    Then the captured session no longer opens Ann's session endpoint
    And the protected page asks that browser to sign in

  @browser-wrong-password-shows-error @must @medium @needs-browser
  @defect-ui-error-not-shown @functional
  Scenario: A wrong password is told on the page, leads nowhere and leaves the form usable
    Given Ann is signed in
    And Ann has a task
    When somebody types a wrong password for Ann on the sign-in page
    Then the page says that address or password are wrong
    And nobody is signed in in that browser
    And the same form takes Ann's right password

  @browser-back-button-shows-no-private-data @should @low @needs-browser
  @defect-ui-back-button-shows-data @asvs-14.3.1 @wstg-athn-06 @cwe-525
  Scenario: The Back button brings nothing back after sign-out
    Given Ann is signed in
    And Ann has a task
    And Ann has signed in on the sign-in page of her laptop
    And she has signed out with the button
    When she goes back in her browser
    Then nothing of Ann's can be seen

  @browser-next-user-sees-own-data-only @must @high @needs-browser
  @defect-ui-previous-user-data-shown @asvs-14.3.1 @wstg-athn-06 @cwe-488
  Scenario: Whoever signs in next in the same browser sees nothing of the person before
    Given Ann and Bob are signed in
    And Ann and Bob each have a task
    And Ann has signed in on the sign-in page of her laptop
    And she has signed out with the button
    When Bob signs in in the browser that was Ann's
    Then the browser shows Bob's tasks page
    And nothing of Ann's has appeared there since, nor does it on going back

  @browser-protected-page-requires-signin @must @critical @core @needs-browser
  @defect-pr-page-unguarded @asvs-8.2.1 @wstg-athz-02 @cwe-425 @cwe-862
  Scenario: A stranger who opens a protected page in a browser ends at sign-in
    Given Ann is signed in
    And Ann has a task
    And a browser with Ann's session shows her protected page
    When a stranger opens the protected page in a browser
    Then that browser is turned away, with nothing of Ann's on the page

  @browser-returns-after-signin @should @high @needs-browser
  @defect-pr-not-returned-after-signin @functional
  Scenario: Whoever was sent to sign in gets to a protected page afterwards
    Given Ann is signed in
    And Ann has a task
    When a stranger opens the protected page in a browser
    And Ann signs in where she was sent
    Then the browser shows Ann's tasks page

  @browser-signin-prevents-open-redirect @must @high @core @needs-browser
  @defect-si-open-redirect-absolute @asvs-3.7.2 @wstg-clnt-04 @cwe-601
  Scenario Outline: A sign-in page opened with <parameter> pointing elsewhere stays at home
    Given Ann is signed in
    And Ann has a task
    When Ann signs in on the sign-in page opened with <parameter> pointing to another site
    Then the browser has not left the deployment
    And Ann is signed in, at the latest when she leaves that out

    Examples:
      | parameter   |
      | next        |
      | callbackURL |
      | redirectTo  |
      | returnTo    |
