using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using KafkaCaching.Testing.Nodes;

namespace KafkaCaching.Tests.Brokers;

/// <summary>A TCP proxy on 127.0.0.1 for a listener of a Kafka node. It can delay, slow down, drop and change requests and responses,
/// selected by their API, and reset connections.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<int, ProxyConnection> _open = new();
    private readonly Task _accepting;
    private volatile FrameFault? _fault;
    private volatile SlowLink? _link;
    private long _delayTicks;
    private int _connections;

    public FaultProxy()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The port on which the node must listen.</summary>
    public int NodePort { get; } = FreePort.Take();

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>The number of connections so far, which is also the number of the latest one.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The current fault, if any.</summary>
    public FrameFault? Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>The delay of each frame. The next frame is read only afterwards, so a busy connection is delayed more.</summary>
    public TimeSpan Delay
    {
        get => new(Volatile.Read(ref _delayTicks));
        set => Volatile.Write(ref _delayTicks, value.Ticks);
    }

    /// <summary>The width of the link in each direction, over all connections; <see langword="null"/> for no limit.</summary>
    public SlowLink? Link
    {
        get => _link;
        set => _link = value;
    }

    /// <summary>Resets all open connections.</summary>
    public void Cut()
    {
        foreach (var (_, connection) in _open)
            connection.Cut();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carrying = new List<Task>();
        try
        {
            while (true)
                carrying.Add(CarryAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
        }
        catch (OperationCanceledException)
        {
            // The proxy has been disposed.
        }

        await Task.WhenAll(carrying);
    }

    private async Task CarryAsync(Socket client)
    {
        using var node = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await node.ConnectAsync(IPAddress.Loopback, NodePort, _stopping.Token);
            }
            catch (Exception refused) when (refused is SocketException or OperationCanceledException)
            {
                // The node is down, so the client's connection is closed.
                return;
            }

            var number = Interlocked.Increment(ref _connections);
            var connection = _open[number] = new ProxyConnection(number, client, node, this);
            await connection.RunAsync(_stopping.Token);
            _open.TryRemove(number, out _);
        }
    }
}
