using KafkaCaching.Hybrid;
using KafkaCaching.Hybrid.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Hybrid.Hosting;

public sealed class TopicCheckTests
{
    private const string Closed = "127.0.0.1:1";

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_check_that_was_disposed_of_can_still_be_stopped()
    {
        using var check = new TopicCheck("web", () => new() { Backend = KafkaHybridCacheBackend.Memory }, _clock, loggerFactory: null);
        await check.StartingAsync(Token);
        check.Dispose();
        await check.StopAsync(Token);
        await check.StopAsync(Token);
    }

    [Fact]
    public async Task Disposal_ends_the_questions_to_brokers_that_do_not_answer()
    {
        using var check = new TopicCheck(
            "web", () => new() { BootstrapServers = Closed, Topic = "web" }, _clock, NullLoggerFactory.Instance);
        var starting = check.StartingAsync(Token);
        await Brokers.Eventually.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return starting.IsCompleted;
        });
        await starting;
        check.Dispose();
        await check.StopAsync(Token).WaitAsync(TimeSpan.FromMinutes(1), Token);
    }
}
