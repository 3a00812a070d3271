using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

[assembly: AssemblyFixture(typeof(RealBrokerFixture))]

namespace KafkaCaching.Tests.Brokers;

/// <summary>
/// The real Kafka that all tests share. On first use, it is found or started: a running one, one in Docker, or a child process. Tests that
/// need it take this fixture and begin with <see cref="ConnectAsync"/>, which skips the test if there is no Kafka.
/// </summary>
public sealed class RealBrokerFixture : IAsyncDisposable
{
    public const string BootstrapServersVariable = "KAFKACACHE_TEST_BOOTSTRAP_SERVERS";

    private readonly Lazy<Task<TestKafka?>> _kafka;
    private IAsyncDisposable? _started;

    public RealBrokerFixture() => _kafka = new Lazy<Task<TestKafka?>>(FindOrStartAsync);

    /// <summary>Connects to the shared Kafka. Tests must use their own topics and must not disturb its broker.</summary>
    public async Task<TestKafka> ConnectAsync()
    {
        TestKafka? kafka = await _kafka.Value;
        Assert.SkipWhen(
            kafka is null,
            $"Needs a real Kafka: set {BootstrapServersVariable}, run Docker, or set {KafkaRelease.HomeVariable} to an unpacked release.");
        return kafka!;
    }

    /// <summary>The release that <c>KAFKA_HOME</c> names, for tests that run Kafka's tools, or stop and kill their own nodes.</summary>
    public static KafkaRelease RequireRelease()
    {
        KafkaRelease? release = KafkaRelease.FromEnvironment();
        Assert.SkipWhen(
            release is null || OperatingSystem.IsWindows(),
            $"Needs {KafkaRelease.HomeVariable}, the folder of an unpacked Kafka release, and a Unix shell.");
        return release!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_kafka.IsValueCreated && _kafka.Value.IsCompletedSuccessfully)
            (await _kafka.Value)?.Dispose();
        if (_started is not null)
            await _started.DisposeAsync();
    }

    private async Task<TestKafka?> FindOrStartAsync()
    {
        if (Environment.GetEnvironmentVariable(BootstrapServersVariable) is { Length: > 0 } running)
            return new TestKafka(running);

        KafkaRelease? release = OperatingSystem.IsWindows() ? null : KafkaRelease.FromEnvironment();
        if (DockerKafka.TryBuild() is { } container)
        {
            try
            {
                _started = container;
                await container.StartAsync();
                return new TestKafka(DockerKafka.AddressOf(container));
            }
            catch (Exception failed) when (release is not null)
            {
                TestContext.Current.SendDiagnosticMessage(
                    $"Kafka did not start in Docker, so {KafkaRelease.HomeVariable} is used: {failed.Message}");
            }
        }

        if (release is null)
            return null;
        RealKafka kafka = await RealKafka.StartAsync(new RealKafkaOptions { Release = release });
        _started = kafka;
        return new TestKafka(kafka.BootstrapServers);
    }
}
