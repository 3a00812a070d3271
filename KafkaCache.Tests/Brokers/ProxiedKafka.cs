using KafkaCaching.Testing;
using KafkaCaching.Testing.Nodes;

namespace KafkaCaching.Tests.Brokers;

/// <summary>A Kafka node with a <see cref="FaultProxy"/> for one of its listeners. The test itself uses the other listener. The node is
/// started on first use.</summary>
public sealed class ProxiedKafka : IAsyncDisposable
{
    private readonly FaultProxy _proxy = new();
    private RealKafka? _node;
    private TestKafka? _direct;

    /// <summary>The node without the proxy.</summary>
    internal TestKafka Direct => _direct!;

    /// <summary>Starts the node, or removes the faults of an earlier test.</summary>
    internal async Task<FaultProxy> StartAsync()
    {
        var release = RealBrokerFixture.RequireRelease();
        _node ??= await RealKafka.StartAsync(
            new RealKafkaOptions
            {
                Release = release,
                Listeners = [new NodeListener("PROXIED", "PLAINTEXT", _proxy.NodePort, _proxy.Port)],
            },
            TestContext.Current.CancellationToken);
        _direct ??= new TestKafka(_node.BootstrapServers);
        _proxy.Fault = null;
        _proxy.Delay = TimeSpan.Zero;
        _proxy.Link = null;
        return _proxy;
    }

    public async ValueTask DisposeAsync()
    {
        _direct?.Dispose();
        await _proxy.DisposeAsync();
        if (_node is not null)
            await _node.DisposeAsync();
    }
}

/// <summary>The tests that share the node. They run sequentially, because each sets its own faults.</summary>
[CollectionDefinition(nameof(ProxiedKafkaTests))]
public sealed class ProxiedKafkaTests : ICollectionFixture<ProxiedKafka>;
