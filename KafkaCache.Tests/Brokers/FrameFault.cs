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

    public FrameFate Fate { get; } = fate;

    /// <summary>How many frames it has met.</summary>
    public int Met => Math.Min(Volatile.Read(ref _met), times);

    public static FrameFault Swallow(KafkaApi api, bool response, int times = int.MaxValue) =>
        new(frame => frame.Is(api, response), FrameFate.Swallow, times);

    public static FrameFault Cut(KafkaApi api, bool response, int times = int.MaxValue) =>
        new(frame => frame.Is(api, response), FrameFate.Cut, times);

    /// <summary>Damages the Fetch responses that bring a record with a text.</summary>
    /// <param name="text">Bytes that stand in one record alone.</param>
    /// <param name="damage">Takes the response and where the text is.</param>
    /// <param name="times">How many responses.</param>
    public static FrameFault Damage(byte[] text, Action<byte[], int> damage, int times = int.MaxValue) => new(
        frame => frame.Is(KafkaApi.Fetch, response: true) && frame.Bytes.AsSpan().IndexOf(text) >= 0, FrameFate.Pass, times)
    {
        Change = frame => damage(frame.Bytes, frame.Bytes.AsSpan().IndexOf(text)),
    };

    /// <summary>Done to the frames that it meets.</summary>
    private Action<ProxyFrame>? Change { get; init; }

    public FrameFate Judge(ProxyFrame frame)
    {
        if (!match(frame) || Interlocked.Increment(ref _met) > times)
            return FrameFate.Pass;
        Change?.Invoke(frame);
        return Fate;
    }
}
