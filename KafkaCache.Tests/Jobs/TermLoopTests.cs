using System.Collections.Concurrent;
using KafkaCaching.Jobs.Leading;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Leadership;

namespace KafkaCaching.Tests.Jobs;

public sealed class TermLoopTests(EmbeddedBrokerFixture embedded)
{
    private const int Failures = 7;

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<DateTimeOffset> _begun = [];

    [Fact]
    public async Task Work_that_fails_each_time_is_tried_more_and_more_rarely_until_it_can_be_done()
    {
        await using var candidates = new Candidates(embedded.BootstrapServers);
        embedded.Broker.CreateTopic(candidates.Topic);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var loop = new TermLoop(candidates.Join(), _time);
        var running = loop.RunAsync(
            _ =>
            {
                _begun.Enqueue(_time.GetUtcNow());
                if (_begun.Count > Failures)
                    loop.NoteWorking();
                throw new InvalidOperationException("the ACL is missing");
            },
            static _ => { }, static () => { }, stop.Token);
        await Eventually.TrueAsync(() =>
        {
            if (!_begun.IsEmpty)
                _time.Advance(TimeSpan.FromMilliseconds(250));
            return _begun.Count >= Failures + 3;
        });
        await stop.CancelAsync();
        await running;

        var pauses = _begun.Zip(_begun.Skip(1), static (one, next) => (next - one).TotalSeconds).ToList();

        // The clock goes on while the loop comes to its next pause, so a pause may be longer.
        Assert.All(pauses.Zip([1, 2, 4, 8, 16, 30, 30]), static one => Assert.InRange(one.First, one.Second, one.Second + 15));
        Assert.InRange(pauses[Failures], 1, 16);
    }
}
