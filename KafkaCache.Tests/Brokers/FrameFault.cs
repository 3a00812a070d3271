using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Brokers;

/// <summary>What becomes of a frame.</summary>
internal enum FrameFate
{
    Pass,

    /// <summary>It is read and goes nowhere; the connection stays open.</summary>
    Swallow,

    /// <summary>It goes nowhere, and both ends see the connection reset.</summary>
    Cut,
}

/// <summary>The fate of the first frames that match, so many as told. All others pass.</summary>
internal sealed class FrameFault(Func<ProxyFrame, bool> match, FrameFate fate, int times = int.MaxValue)
{
    private int _met;

    /// <summary>How many frames it has met.</summary>
    public int Met => Math.Min(Volatile.Read(ref _met), times);

    public static FrameFault Swallow(KafkaApi api, bool response, int times = int.MaxValue) => new(frame => frame.Is(api, response), FrameFate.Swallow, times);

    public static FrameFault Cut(KafkaApi api, bool response, int times = int.MaxValue) => new(frame => frame.Is(api, response), FrameFate.Cut, times);

    /// <summary>Flips a bit of the first byte of a text that stands in a record, in the Fetch responses that bring it.</summary>
    public static FrameFault FlipIn(byte[] text, int times = int.MaxValue) => new(
        frame =>
        {
            var at = frame.Is(KafkaApi.Fetch, response: true) ? frame.Bytes.AsSpan().IndexOf(text) : -1;
            return at >= 0;
        },
        FrameFate.Pass,
        times)
    { Change = frame => frame.Bytes[frame.Bytes.AsSpan().IndexOf(text)] ^= 1 };

    /// <summary>Done to the frames that it meets.</summary>
    private Action<ProxyFrame>? Change { get; init; }

    public FrameFate Judge(ProxyFrame frame)
    {
        if (!match(frame) || Interlocked.Increment(ref _met) > times)
            return FrameFate.Pass;
        Change?.Invoke(frame);
        return fate;
    }
}
