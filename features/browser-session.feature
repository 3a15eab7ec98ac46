Feature: Sessions in a browser
  What an open page shows follows the session: its end, its absence, and a sign-out that failed.

  @browser-ended-session-is-noticed @should @medium @needs-browser
  @defect-ui-expired-session-stuck @functional
  Scenario Outline: A page notices that its session has ended at <action>
    Given Ann is signed in
    And Ann has a task
    And a browser with Ann's session has her protected page open
    And the browser has lost Ann's session meanwhile
    When Ann tries <action> on the open page
    Then Ann's browser leaves the protected page, asks to sign in or shows an error

    Examples:
      | action              |
      | a reload            |
      | the sign-out button |

  @browser-guard-shows-no-private-data-first @should @medium @needs-browser
  @defect-pr-client-guard-flash @part-of-asvs-8.3.1 @cwe-200
  Scenario: No private data appears before an anonymous client is turned away
    Given Ann is signed in
    And Ann has a task
    And a browser with Ann's session shows her protected page
    When an anonymous client opens the protected page and watches for Ann's data
    Then nothing of Ann's appears to the client, not even for a moment

  @browser-signout-holds-in-other-tabs @should @medium @needs-browser
  @defect-ui-expired-session-stuck @defect-pr-client-guard-flash @part-of-asvs-7.4.1 @part-of-asvs-14.3.1
  Scenario: After sign-out in one tab, another tab of the browser is signed out as well
    Given Ann is signed in
    And Ann has a task
    And Ann has signed in on the sign-in page of her laptop
    And another tab of that browser shows Ann's protected page
    When Ann presses the sign-out button
    And Ann opens the protected page in the other tab
    Then that tab asks to sign in, and nothing of Ann's appears in it

  @browser-failed-signout-is-noticed @should @medium @needs-browser
  @functional
  Scenario: A sign-out whose request failed does not look like a sign-out
    Given Ann is signed in
    And Ann has a task
    And a browser with Ann's session has her protected page open
    When Ann presses the sign-out button and its request fails on the way
    Then no page looks as if Ann were signed out

  @browser-hover-does-not-sign-out @should @medium @needs-browser
  @functional
  Scenario: No link signs a user out when the pointer passes over it
    Given Ann is signed in
    And Ann has a task
    And a browser with Ann's session has her protected page open
    When the pointer passes over every link of the page
    Then it still shows Ann's tasks page after a reload
