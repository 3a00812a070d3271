using System.Diagnostics;
using Confluent.Kafka;
using KafkaCaching.Clients;
using KafkaCaching.Diagnostics;
using KafkaCaching.Options;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KafkaCaching.Tests.Clients;

[Collection(nameof(StandardErrorTests))]
public sealed class ClientLogBrokerDownTests
{
    // Nothing listens on port 1, which requires privileges.
    private const string Closed = "127.0.0.1:1";

    [Fact]
    [Trait("Category", "Long")]
    public void Broker_down_for_15_seconds_is_a_handful_of_lines_and_nothing_on_standard_error()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Standard error is captured by its Unix file descriptor.");
        var time = new FakeTimeProvider();
        var logger = new ListLogger();
        using var standardError = new StandardErrorCapture();
        var configs = new KafkaCacheOptions<string, string> { BootstrapServers = Closed, Topic = "users", ReadOnly = false }.ForClients();
        ClientLog[] logs = [.. new[] { "consumer", "producer", "admin" }.Select(name => new ClientLog(logger, time, name))];
        using (IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(configs.Consumer(1))
            .SetLogHandler((_, message) => logs[0].OnLog(message)).SetErrorHandler((_, error) => logs[0].OnError(error)).Build())
        using (IProducer<byte[], byte[]> producer = new ProducerBuilder<byte[], byte[]>(configs.Producer())
            .SetLogHandler((_, message) => logs[1].OnLog(message)).SetErrorHandler((_, error) => logs[1].OnError(error)).Build())
        using (IAdminClient admin = new AdminClientBuilder(configs.Admin())
            .SetLogHandler((_, message) => logs[2].OnLog(message)).SetErrorHandler((_, error) => logs[2].OnError(error)).Build())
        {
            consumer.Assign(new TopicPartitionOffset("users", 0, 0));
            producer.Produce("users", new Message<byte[], byte[]> { Key = [1], Value = [1] });
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(15);)
                Assert.Null(consumer.Consume(TimeSpan.FromSeconds(1)));
            Assert.All(
                logs, log => Assert.Equal($"{Closed}/bootstrap: Connect to ipv4#{Closed} failed: Connection refused", log.LastProblem));
        }

        foreach (ClientLog log in logs)
            log.Dispose();
        var lines = string.Join('\n', logger.Lines);
        TestContext.Current.TestOutputHelper?.WriteLine(lines);
        Assert.Equal("", standardError.Text);
        Assert.InRange(logger.Lines.Count(line => line.Level >= LogLevel.Information), 3, 8);
        Assert.Contains(logger.Lines, line => line is { Id: 401, Level: LogLevel.Warning });
        Assert.All(logger.Lines, line => Assert.True(line.Level <= LogLevel.Warning, line.Text));
        Assert.DoesNotContain("CONFWARN", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("Configuration", lines, StringComparison.Ordinal);
    }

    [Fact]
    public void Client_without_handlers_writes_to_standard_error_so_the_capture_works()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Standard error is captured by its Unix file descriptor.");
        using var standardError = new StandardErrorCapture();
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Closed }).Build();
        Assert.True(
            SpinWait.SpinUntil(
                () => standardError.Text.Contains("Connection refused", StringComparison.Ordinal), TimeSpan.FromSeconds(20)));
    }
}
