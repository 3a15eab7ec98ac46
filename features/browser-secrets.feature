Feature: Secrets in a browser
  No credential is shown on a page, readable by its scripts or part of a URL.

  @browser-scripts-cannot-read-session @must @high @core @needs-browser
  @defect-ck-session-cookie-not-httponly @part-of-asvs-3.3.4 @rfc6265bis-4.1.2.6 @wstg-sess-02 @cwe-1004
  Scenario: No script on the page may read the session cookie
    Given Ann is signed in
    And Ann has a task
    And Ann has signed in on the sign-in page of her laptop
    And an attacker has captured the session of Ann's laptop
    And the captured session opens Ann's session endpoint
    When a script on the page reads cookies and storage
    Then nothing that it read is Ann's session

  @browser-password-is-masked @must @low @needs-browser
  @defect-ui-password-not-masked @asvs-6.2.6 @cwe-549
  Scenario Outline: The password is masked on the <form> page
    When an anonymous client opens the <form> form in a browser
    Then the password field is masked before and while a password is typed

    Examples:
      | form    |
      | sign-in |
      | sign-up |

  @browser-password-not-in-url @should @medium @needs-browser
  @defect-ui-credentials-in-url-without-js @asvs-14.2.1 @cwe-598
  Scenario: A sign-in form submitted before its script runs puts no password into the URL
    Given the sign-in page shows its form
    When Zoe fills in and submits the sign-in form with scripts switched off
    Then no URL that the browser requested contains the password

  @browser-no-token-in-script-readable-storage @may @low @needs-browser
  @defect-ck-token-in-script-readable-storage @wstg-clnt-12 @cwe-922
  Scenario: No token that opens the tasks is kept where scripts can read it
    Given Ann is signed in
    And Ann has a task
    And Ann has signed in on the sign-in page of her laptop
    And Ann's token opens her tasks
    When a script on the page reads cookies and storage
    Then no token that it read opens Ann's tasks
