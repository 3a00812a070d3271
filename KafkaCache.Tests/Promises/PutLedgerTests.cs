namespace KafkaCaching.Tests.Promises;

/// <summary>Tests of the checker itself: it must find the planted violations and nothing else.</summary>
public sealed class PutLedgerTests
{
    private static readonly LoggedRecord[] Log =
    [
        new(new CachePosition(0, 0), "a", "1"),
        new(new CachePosition(0, 1), "b", null),
        new(new CachePosition(1, 0), "c", "2"),
        new(new CachePosition(1, 4), "c", "2"),
        new(new CachePosition(1, 5), "d", "3"),
    ];

    [Fact]
    public void Ends_that_the_log_bears_out_are_counted_and_no_violation()
    {
        var ledger = new PutLedger();
        ledger.Add(new PutEnd("a", "1", PutOutcome.Committed, new CachePosition(0, 0)));
        ledger.Add(new PutEnd("b", Value: null, PutOutcome.Committed, new CachePosition(0, 1)));
        ledger.Add(new PutEnd("d", "3", PutOutcome.Unknown, Position: null));
        ledger.Add(new PutEnd("d", "4", PutOutcome.Unknown, Position: null));
        ledger.Add(new PutEnd("e", "5", PutOutcome.NotCommitted, Position: null));

        PutVerdict verdict = ledger.Check(Log);

        Assert.Empty(verdict.Violations);
        Assert.Equal((2, 1, 2, 1, 0), (verdict.Committed, verdict.NotCommitted, verdict.Unknown, verdict.UnknownInLog, verdict.Twice));
    }

    [Theory]
    [InlineData("a", "1", PutOutcome.Committed, 0L, 1L, "not at its place")]
    [InlineData("a", "9", PutOutcome.Committed, 0L, 0L, "not at its place")]
    [InlineData("a", null, PutOutcome.Committed, 0L, 0L, "not at its place")]
    [InlineData("c", "2", PutOutcome.Committed, 1L, 4L, "more than once")]
    [InlineData("a", "1", PutOutcome.Committed, null, null, "without a place")]
    [InlineData("d", "3", PutOutcome.NotCommitted, null, null, "in the log at")]
    [InlineData("e", "3", PutOutcome.NotCommitted, 0L, 3L, "a place without a commit")]
    [InlineData("d", "3", PutOutcome.Unknown, 1L, 5L, "a place without a commit")]
    public void An_outcome_that_the_log_contradicts_is_a_violation(
        string key, string? value, PutOutcome outcome, long? partition, long? offset, string what)
    {
        var ledger = new PutLedger();
        ledger.Add(new PutEnd(key, value, outcome, partition is null ? null : new CachePosition((int)partition, offset!.Value)));
        Assert.Contains(what, Assert.Single(ledger.Check(Log).Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_is_twice_in_the_log_is_counted_though_its_outcome_is_unknown()
    {
        var ledger = new PutLedger();
        ledger.Add(new PutEnd("c", "2", PutOutcome.Unknown, Position: null));
        PutVerdict verdict = ledger.Check(Log);
        Assert.Equal(1, verdict.Twice);
        Assert.Empty(verdict.Violations);
    }

    [Fact]
    public void A_committed_record_is_at_its_offset_even_if_it_is_in_the_log_twice_because_of_an_unknown_put()
    {
        var ledger = new PutLedger();
        ledger.Add(new PutEnd("c", "2", PutOutcome.Committed, new CachePosition(1, 0)));
        ledger.Add(new PutEnd("e", "5", PutOutcome.Unknown, Position: null));
        Assert.Empty(ledger.Check(Log).Violations);
        Assert.Equal(1, ledger.Check(Log).Twice);

        ledger.Add(new PutEnd("c", "2", PutOutcome.Committed, new CachePosition(1, 3)));
        Assert.Contains("not at its place", Assert.Single(ledger.Check(Log).Violations), StringComparison.Ordinal);
    }
}
