using System.Text.RegularExpressions;
using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Native;

public sealed partial class NativeModuleTests
{
    [Fact]
    public async Task Our_imports_and_Confluents_are_bound_to_one_librdkafka_whichever_of_its_builds_that_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await using var broker = EmbeddedBroker.Start(); // Uses the library's imports for the mock cluster.
        broker.CreateTopic("t");
        await using var cache = await TestCaches.ReadyAsync(broker.BootstrapServers, "t"); // Uses the library's imports for queues.
        using var confluents = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        Assert.NotEmpty(confluents.GetMetadata(TimeSpan.FromSeconds(30)).Brokers);

        var maps = await File.ReadAllTextAsync("/proc/self/maps", TestContext.Current.CancellationToken);

        Assert.Single(Module().Matches(maps).Select(static match => match.Value).Distinct(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"/\S*rdkafka\S*\.so\S*", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Module();
}
