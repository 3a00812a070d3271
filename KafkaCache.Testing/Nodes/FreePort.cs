using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace KafkaCaching.Testing.Nodes;

/// <summary>Finds TCP ports of 127.0.0.1 that nothing listens on.</summary>
internal static class FreePort
{
    // These ports are below the ephemeral port range. Otherwise, an outgoing connection could take a port before the broker does.
    private const int First = 20_000;
    private const int End = 32_000;
    private const int Attempts = 1_000;

    private static readonly ConcurrentDictionary<int, bool> Taken = new();

    public static int Take()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            if (IsFree(port) && Taken.TryAdd(port, value: true))
                return port;
        }

        throw new InvalidOperationException($"No free TCP port between {First} and {End} on 127.0.0.1.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
