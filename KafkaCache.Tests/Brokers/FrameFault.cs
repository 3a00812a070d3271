using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Brokers;

/// <summary>What the proxy does with a frame.</summary>
internal enum FrameFate
{
    Pass,

    /// <summary>The frame is dropped, and the connection stays open.</summary>
    Swallow,

    /// <summary>The frame is dropped, and the connection is reset at both ends.</summary>
    Cut,
}

/// <summary>A fault that applies to the first matching frames, up to a number of times. All other frames pass.</summary>
internal sealed class FrameFault(Func<ProxyFrame, bool> match, FrameFate fate, int times = int.MaxValue)
{
    private int _met;

    public FrameFate Fate { get; } = fate;

    /// <summary>The number of frames to which the fault has been applied.</summary>
    public int Met => Math.Min(Volatile.Read(ref _met), times);

    public static FrameFault Swallow(KafkaApi api, bool response, int times = int.MaxValue) =>
        new(frame => frame.Is(api, response), FrameFate.Swallow, times);

    public static FrameFault Cut(KafkaApi api, bool response, int times = int.MaxValue) =>
        new(frame => frame.Is(api, response), FrameFate.Cut, times);

    /// <summary>Damages the Fetch responses that contain a record with the given text.</summary>
    /// <param name="text">Bytes that occur in one record only.</param>
    /// <param name="damage">Changes the bytes of the response. The second argument is the index of the text.</param>
    /// <param name="times">The maximum number of responses to damage.</param>
    public static FrameFault Damage(byte[] text, Action<byte[], int> damage, int times = int.MaxValue) => new(
        frame => frame.Is(KafkaApi.Fetch, response: true) && frame.Bytes.AsSpan().IndexOf(text) >= 0, FrameFate.Pass, times)
    {
        Change = frame => damage(frame.Bytes, frame.Bytes.AsSpan().IndexOf(text)),
    };

    /// <summary>Applied to each matching frame.</summary>
    private Action<ProxyFrame>? Change { get; init; }

    public FrameFate Judge(ProxyFrame frame)
    {
        if (!match(frame) || Interlocked.Increment(ref _met) > times)
            return FrameFate.Pass;
        Change?.Invoke(frame);
        return Fate;
    }
}
