namespace KafkaCaching.Tests.Promises;

/// <summary>Tests of the checker itself: it must find the planted violations and nothing else.</summary>
public sealed class ReadHistoryTests
{
    private static readonly LoggedRecord[] Log =
    [
        new(new CachePosition(0, 0), "k", "zero"),
        new(new CachePosition(0, 1), "k", "one"),
        new(new CachePosition(0, 2), "k", null),
        new(new CachePosition(0, 3), "k", "three"),
        new(new CachePosition(0, 4), "twice", "sent again"),
        new(new CachePosition(0, 5), "twice", "sent again"),
    ];

    private readonly ReadHistory _history = new("one");

    [Fact]
    public void Reads_that_follow_the_log_are_no_violation()
    {
        _history.SawNothing("k", _history.Floor("k"));
        See("zero", 0);
        Get("zero");
        _history.Wrote("k", "one", 1);
        See("one", 1);
        _history.SawNothing("k", _history.Floor("k"));
        _history.SawNothing("k", _history.Floor("k"));
        Get("three");
        See("three", 3);
        Assert.Equal(9, _history.Operations);
        AssertViolation(what: null);
    }

    [Fact]
    public void A_read_that_began_before_the_newer_one_may_still_show_the_older()
    {
        var floor = _history.Floor("k");
        See("one", 1);
        _history.SawEntry("k", floor, "zero", 0);
        AssertViolation(what: null);
    }

    [Fact]
    public void A_record_that_the_client_has_sent_again_is_seen_at_both_offsets()
    {
        _history.SawEntry("twice", ReadHistory.NoFloor, "sent again", 4);
        _history.SawValue("twice", _history.Floor("twice"), "sent again");
        _history.SawEntry("twice", _history.Floor("twice"), "sent again", 5);
        _history.SawValue("twice", _history.Floor("twice"), "sent again");
        AssertViolation(what: null);
    }

    [Fact]
    public void An_entry_older_than_one_seen_is_found()
    {
        See("one", 1);
        See("zero", 0);
        AssertViolation("showed offset 0 after offset 1");
    }

    [Fact]
    public void An_entry_older_than_the_readers_own_write_is_found()
    {
        _history.Wrote("k", "one", 1);
        See("zero", 0);
        AssertViolation("showed offset 0 after offset 1");
    }

    [Fact]
    public void An_entry_that_comes_back_after_its_own_removal_is_found()
    {
        See("one", 1);
        _history.Wrote("k", value: null, 2);
        See("one", 1);
        AssertViolation("showed offset 1 after it was gone after offset 2");
    }

    [Fact]
    public void An_entry_that_comes_back_after_it_was_seen_missing_is_found()
    {
        See("one", 1);
        _history.SawNothing("k", _history.Floor("k"));
        See("one", 1);
        AssertViolation("showed offset 1 after it was gone after offset 1");
    }

    [Fact]
    public void An_entry_that_is_missing_though_nothing_removed_it_is_found()
    {
        See("three", 3);
        _history.SawNothing("k", _history.Floor("k"));
        AssertViolation("missing after offset 3");
    }

    [Fact]
    public void A_value_older_than_an_entry_seen_is_found_when_the_log_is_known()
    {
        See("one", 1);
        Get("zero");
        AssertViolation("showed the value of offset 0 after offset 1");
    }

    [Fact]
    public void A_value_older_than_a_value_seen_is_found()
    {
        var before = _history.Floor("k");
        See("three", 3);
        _history.SawEntry("k", before, "one", 1);
        Get("one");
        AssertViolation("showed the value of offset 1 after offset 3");
    }

    [Fact]
    public void A_value_that_the_log_does_not_hold_is_found()
    {
        Get("never");
        AssertViolation("a value that is not in the log");
    }

    [Fact]
    public void An_entry_at_another_offset_than_in_the_log_is_found()
    {
        See("one", 3);
        AssertViolation("what the log does not hold there");
    }

    private void See(string value, long offset) => _history.SawEntry("k", _history.Floor("k"), value, offset);

    private void Get(string value) => _history.SawValue("k", _history.Floor("k"), value);

    private void AssertViolation(string? what)
    {
        _history.Settle(Log);
        if (what is null)
            Assert.Empty(_history.Violations);
        else
            Assert.Contains(what, Assert.Single(_history.Violations), StringComparison.Ordinal);
    }
}
