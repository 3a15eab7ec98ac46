Feature: Signing up, in and out in a browser
  Pages and buttons sign users up, in and out, and the browser keeps nothing that it should not.

  @browser-signup @must @high @core @needs-browser
  @defect-ui-signin-flow-broken @functional
  Scenario: A new user who signs up on the page sees their own tasks page
    When Zoe signs up on the sign-up page
    Then the browser shows Zoe's tasks page
    And it still shows Zoe's tasks page after a reload

  @browser-signin @must @high @core @needs-browser
  @defect-ui-signin-flow-broken @functional
  Scenario: A user who signs in on the page stays signed in after a reload
    Given Ann is signed in
    And Ann has a task
    When Ann signs in on the sign-in page
    Then the browser shows Ann's tasks page
    And it still shows Ann's tasks page after a reload

  @browser-signout @must @high @core @needs-browser
  @defect-ui-signin-flow-broken @defect-ui-signout-incomplete @asvs-7.4.1 @part-of-asvs-7.4.4 @wstg-sess-06 @cwe-613
  Scenario: The sign-out button ends the session
    Given Ann is signed in
    And Ann has a task
    And Ann has signed in on the sign-in page of her laptop
    And an attacker has captured the session of Ann's laptop
    And the captured session opens Ann's session endpoint
    When Ann presses the sign-out button
    Then the captured session no longer opens Ann's session endpoint
    And the protected page asks that browser to sign in

  @browser-wrong-password-shows-error @must @medium @needs-browser
  @defect-ui-error-not-shown @functional
  Scenario: A wrong password shows an error and leaves the sign-in form usable
    Given Ann is signed in
    And Ann has a task
    When Ann types a wrong password on the sign-in page
    Then the page says that the address or the password is wrong
    And that browser is not signed in
    And the same form accepts Ann's right password

  @browser-back-button-shows-no-private-data @should @low @needs-browser
  @defect-ui-back-button-shows-data @asvs-14.3.1 @wstg-athn-06 @cwe-525
  Scenario: The Back button shows no private data after sign-out
    Given Ann is signed in
    And Ann has a task
    And Ann has signed in on the sign-in page of her laptop
    And Ann has signed out with the button
    When Ann presses the Back button
    Then the browser shows nothing of Ann's

  @browser-next-user-sees-own-data-only @must @high @needs-browser
  @defect-ui-previous-user-data-shown @asvs-14.3.1 @wstg-athn-06 @cwe-488
  Scenario: Whoever signs in next in the same browser sees nothing of the person before
    Given Ann and Bob are signed in
    And Ann and Bob each have a task
    And Ann has signed in on the sign-in page of her laptop
    And Ann has signed out with the button
    When Bob signs in next in Ann's browser
    Then the browser shows Bob's tasks page
    And nothing of Ann's has appeared since, nor appears on going back

  @browser-protected-page-requires-signin @must @critical @core @needs-browser
  @defect-pr-page-unguarded @asvs-8.2.1 @wstg-athz-02 @cwe-425 @cwe-862
  Scenario: No anonymous client may see a protected page in a browser
    Given Ann is signed in
    And Ann has a task
    And a browser with Ann's session shows her protected page
    When an anonymous client opens the protected page in a browser
    Then the browser is turned away, with nothing of Ann's on the page

  @browser-returns-after-signin @should @high @needs-browser @needs-way-to-signin
  @defect-pr-not-returned-after-signin @functional
  Scenario: A user sent to sign-in reaches a protected page after signing in
    Given Ann is signed in
    And Ann has a task
    When an anonymous client opens the protected page in a browser
    And Ann signs in on the page that it was sent to
    Then the browser shows Ann's tasks page

  @browser-signin-prevents-open-redirect @must @high @core @needs-browser
  @defect-si-open-redirect-absolute @defect-si-open-redirect-browser-parsing @defect-si-open-redirect-javascript
  @asvs-3.7.2 @wstg-clnt-04 @cwe-601
  Scenario Outline: No sign-in page may follow the destination "<destination>" to another site
    Given Ann is signed in
    And Ann has a task
    When Ann signs in on the sign-in page opened with the destination "<destination>"
    Then the browser has not left the deployment
    And Ann reaches her tasks page, with the destination or without it

    Examples:
      | destination                                  |
      | https://evil.invalid/x                       |
      | /\evil.invalid/x                             |
      | /{TAB}/evil.invalid/x                        |
      | javascript:location='https://evil.invalid/x' |
