namespace KafkaCaching;

/// <summary>Why a put was refused because of its content. Repeating the same put does not help.</summary>
public enum PutRefusal
{
    /// <summary>The option <c>ValidatePut</c> refused the put or threw.</summary>
    Validation,

    /// <summary>The record exceeds a size limit. The message names the limit.</summary>
    Size,
}
