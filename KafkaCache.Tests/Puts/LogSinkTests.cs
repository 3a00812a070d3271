using KafkaCaching.Logs;
using KafkaCaching.Puts;

namespace KafkaCaching.Tests.Puts;

/// <summary>The outcome of a put if an <c>ITopicLog</c>, which replaces the brokers, fails.</summary>
public sealed class LogSinkTests : IDisposable
{
    private readonly InFlight _inFlight = new(TimeSpan.FromMinutes(1), TimeProvider.System);

    public void Dispose() => _inFlight.Dispose();

    [Fact]
    public void Log_that_throws_leaves_the_put_unknown() =>
        Assert.Equal(PutOutcome.Unknown, OutcomeOf(static () => throw new InvalidOperationException("after the record was taken")).Outcome);

    [Fact]
    public void Log_whose_task_fails_leaves_the_put_unknown() => Assert.Equal(
        PutOutcome.Unknown, OutcomeOf(static () => Task.FromException<PutResult>(new InvalidOperationException("failed"))).Outcome);

    [Fact]
    public void Log_that_says_what_became_of_the_record_is_believed()
    {
        var refused = new PutException("refused", PutOutcome.NotCommitted);
        Assert.Same(refused, OutcomeOf(() => Task.FromException<PutResult>(refused)));
        Assert.Same(refused, OutcomeOf(() => throw refused));
    }

    private PutException OutcomeOf(Func<Task<PutResult>> append)
    {
        var put = new PendingPut(_inFlight);
        using var sink = new LogSink(new FailingLog(append));
        sink.Send([1], [2], headers: null, put);
        return Assert.Throws<PutException>(() => put.Outcome.Result);
    }

    private sealed class FailingLog(Func<Task<PutResult>> append) : ITopicLogClient
    {
        public Task<PutResult> AppendAsync(byte[] key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers) => append();

        public Task<TopicLogDescription> DescribeAsync() => throw new NotSupportedException();

        public ITopicLogReader OpenReader(string topicId, IReadOnlyList<CachePosition> from) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
