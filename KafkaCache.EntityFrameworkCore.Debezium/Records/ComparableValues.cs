using KafkaCaching.EntityFrameworkCore.Tables;

namespace KafkaCaching.EntityFrameworkCore.Debezium.Records;

/// <summary>Reads values in the form in which Entity Framework sends them. The tags of a row are hashes of its values, so a value may be
/// compared only if the record is certain to have it in that form.</summary>
/// <remarks>Strings other than GUIDs can't be compared, because a record does not say whether the column ignores case or pads with blanks.
/// Times and numbers with a scale can't be compared either, because each connector can write them in several formats. Rows that are
/// identified by such values count as unknown.</remarks>
internal static class ComparableValues
{
    /// <param name="sent">The type in which Entity Framework sends values.</param>
    /// <param name="value">The value of the record.</param>
    /// <param name="comparable">The value in the form in which Entity Framework sends it.</param>
    /// <returns>Whether the value can be compared.</returns>
    public static bool TryRead(Type sent, object? value, out object? comparable)
    {
        comparable = value;
        switch (value)
        {
            case null:
                return true;
            case long or bool:
                return WholeNumbers.Include(sent) || sent == typeof(bool);
            case string text when sent == typeof(Guid) && Guid.TryParseExact(text, "D", out var id):
                comparable = id;
                return true;
            default:
                return false;
        }
    }
}
