namespace KafkaCaching.EntityFrameworkCore.Debezium.Records;

/// <summary>Reads the bytes of keys and values. A struct becomes a dictionary. Whole numbers become <see cref="long"/>, texts
/// <see cref="string"/>, truths <see cref="bool"/>; everything else may become anything.</summary>
internal interface IRecordDecoder
{
    /// <returns>The fields of the struct; <see langword="null"/> if the bytes hold none.</returns>
    /// <exception cref="FormatException">The bytes can't be read.</exception>
    Task<IReadOnlyDictionary<string, object?>?> DecodeAsync(byte[] bytes, bool isKey, string topic);
}
