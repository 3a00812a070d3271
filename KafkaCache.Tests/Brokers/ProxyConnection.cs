using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Brokers;

/// <summary>A client's connection through a <see cref="FaultProxy"/>. In each direction, whole frames are forwarded one after the
/// other.</summary>
internal sealed class ProxyConnection(int number, Socket client, Socket node, FaultProxy proxy)
{
    private readonly ConcurrentDictionary<int, KafkaApi> _asked = new();

    /// <summary>Forwards frames until one end closes the connection, a fault resets it, or the proxy ends.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.WhenAll(CarryAsync(client, node, isResponse: false, stopping), CarryAsync(node, client, isResponse: true, stopping));
    }

    /// <summary>Resets the connection at both ends.</summary>
    public void Cut()
    {
        client.Close(timeout: 0);
        node.Close(timeout: 0);
    }

    private async Task CarryAsync(Socket from, Socket to, bool isResponse, CancellationToken stopping)
    {
        try
        {
            using var source = new NetworkStream(from);
            using var target = new NetworkStream(to);
            while (await ReadAsync(source, isResponse, stopping) is { } frame)
            {
                if (proxy.Delay > TimeSpan.Zero)
                    await Task.Delay(proxy.Delay, stopping);
                var fate = proxy.Fault?.Judge(frame) ?? FrameFate.Pass;
                if (fate == FrameFate.Cut)
                    break;
                if (fate == FrameFate.Pass)
                    await PassAsync(frame, target, stopping);
            }
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end was closed or reset, possibly within a frame. The other end is reset below.
        }
        finally
        {
            Cut();
        }
    }

    private async Task PassAsync(ProxyFrame frame, NetworkStream target, CancellationToken stopping)
    {
        if (proxy.Link is { } link)
            await link.PassAsync(frame, target, stopping);
        else
            await target.WriteAsync(frame.Bytes, stopping);
    }

    private async Task<ProxyFrame?> ReadAsync(NetworkStream source, bool isResponse, CancellationToken stopping)
    {
        var length = new byte[ProxyFrame.LengthSize];
        if (await source.ReadAtLeastAsync(length, length.Length, throwOnEndOfStream: false, stopping) < length.Length)
            return null;
        var bytes = new byte[ProxyFrame.LengthSize + BinaryPrimitives.ReadInt32BigEndian(length)];
        length.CopyTo(bytes, 0);
        await source.ReadExactlyAsync(bytes.AsMemory(ProxyFrame.LengthSize), stopping);
        return new ProxyFrame(number, isResponse, ApiOf(bytes, isResponse), bytes);
    }

    private KafkaApi ApiOf(byte[] frame, bool isResponse)
    {
        var correlation = ProxyFrame.CorrelationOf(frame, isResponse);
        if (isResponse)
            return _asked.TryRemove(correlation, out var asked)
                ? asked
                : throw new IOException($"The node answers {correlation}, which nobody asked.");
        return _asked[correlation] = ProxyFrame.ApiOf(frame);
    }
}
