namespace KafkaCaching.Hybrid;

/// <summary>Why a cache went to the source: the parameter <c>fwd</c> of RFC 9211.</summary>
public enum ForwardReason
{
    /// <summary>The cache did not go to the source, because it had the value.</summary>
    None,

    /// <summary><c>uri-miss</c>: the cache had no valid value under the key.</summary>
    Miss,

    /// <summary><c>stale</c>: the value had expired.</summary>
    Stale,

    /// <summary><c>request</c>: the value was fresh, but a directive of the request refused it.</summary>
    Request,
}
