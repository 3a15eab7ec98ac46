Feature: Markup in a browser
  Pages show what users typed as text, whatever it looks like.

  @browser-shows-markup-as-text @must @high @needs-browser
  @defect-ui-stored-xss @asvs-1.2.1 @asvs-3.2.2 @wstg-inpv-02 @cwe-79
  Scenario Outline: No page may render <markup> in a name or a task's title
    Given Zoe has an account of her own
    And Zoe has a task
    And a browser with Zoe's session has her protected page open
    When Zoe's name and the title of a task are <markup>
    Then her pages show them as text

    Examples:
      | markup                                       |
      | an element                                   |
      | the end of an attribute and an element       |
      | the end of a value and a handler             |
      | the end of a script or title and an element  |
      | the end of a string and a statement          |
      | a URL with a script                          |
