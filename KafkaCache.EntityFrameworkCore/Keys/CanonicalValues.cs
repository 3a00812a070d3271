using System.Buffers;
using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using KafkaCaching.EntityFrameworkCore.Rows;

namespace KafkaCaching.EntityFrameworkCore.Keys;

/// <summary>Converts the values that are sent to the database to bytes for keys. Different values have different bytes. All integer types
/// up to <see cref="long"/> have the same form, because another model may map the same column to another integer type.</summary>
internal static class CanonicalValues
{
    private const byte Null = 0;
    private const byte Number = 1;
    private const byte Text = 2;
    private const byte Bytes = 3;
    private const byte Other = 4;
    private const byte List = 5;
    private const byte Tuple = 6;
    private const byte WideText = 7;

    /// <returns>Whether values of this type can be converted.</returns>
    public static bool TryWrite(ArrayBufferWriter<byte> target, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                WriteByte(target, Null);
                return true;
            case bool truth:
                return WriteNumber(target, truth ? 1 : 0);
            case sbyte or byte or short or ushort or int or uint or long:
                return WriteNumber(target, Convert.ToInt64(value, CultureInfo.InvariantCulture));
            case Enum:
                return TryWrite(target, Convert.ChangeType(value, Enum.GetUnderlyingType(value.GetType()), CultureInfo.InvariantCulture));
            case string text:
                return WriteText(target, Text, text);
            case char letter:
                return WriteText(target, Text, letter.ToString());
            case byte[] bytes:
                WriteByte(target, Bytes);
                Write(target, bytes.Length);
                target.Write(bytes);
                return true;
            case DateTime time:
                return WriteText(target, Other, string.Create(CultureInfo.InvariantCulture, $"{time.Ticks} {time.Kind}"));
            case DateTimeOffset time:
                return WriteText(target, Other, string.Create(CultureInfo.InvariantCulture, $"{time.Ticks} {time.Offset.Ticks}"));
            case ulong or float or double or decimal or Guid or TimeSpan or DateOnly or TimeOnly or Int128 or Half:
                return WriteText(
                    target, Other,
                    $"{value.GetType().Name} {((IFormattable)value).ToString(FormatOf(value), CultureInfo.InvariantCulture)}");
            case ITuple tuple:
                return TryWriteTuple(target, tuple);
            case Array { Rank: > 1 }:
                return false;
            case IList list:
                return TryWriteList(target, list);
            default:
                return false;
        }
    }

    public static void Write(ArrayBufferWriter<byte> target, string text) => WriteText(target, Text, text);

    private static string? FormatOf(object value) => value switch
    {
        DateOnly or TimeOnly => "O",
        TimeSpan => "c",
        Guid => "N",
        _ => null,
    };

    private static bool TryWriteTuple(ArrayBufferWriter<byte> target, ITuple tuple)
    {
        WriteByte(target, Tuple);
        Write(target, tuple.Length);
        for (var i = 0; i < tuple.Length; i++)
        {
            if (!TryWrite(target, tuple[i]))
                return false;
        }

        return true;
    }

    private static bool TryWriteList(ArrayBufferWriter<byte> target, IList list)
    {
        WriteByte(target, List);
        Write(target, list.Count);
        foreach (var item in list)
        {
            if (!TryWrite(target, item))
                return false;
        }

        return true;
    }

    private static bool WriteNumber(ArrayBufferWriter<byte> target, long number)
    {
        WriteByte(target, Number);
        BinaryPrimitives.WriteInt64BigEndian(target.GetSpan(8), number);
        target.Advance(8);
        return true;
    }

    private static bool WriteText(ArrayBufferWriter<byte> target, byte kind, string text)
    {
        if (Utf16.IsNeededFor(text))
            return WriteWide(target, text);
        WriteByte(target, kind);
        var length = Encoding.UTF8.GetByteCount(text);
        Write(target, length);
        target.Advance(Encoding.UTF8.GetBytes(text, target.GetSpan(length)));
        return true;
    }

    private static bool WriteWide(ArrayBufferWriter<byte> target, string text)
    {
        WriteByte(target, WideText);
        Write(target, text.Length);
        target.Write(Utf16.BytesOf(text));
        return true;
    }

    private static void Write(ArrayBufferWriter<byte> target, int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(target.GetSpan(4), number);
        target.Advance(4);
    }

    private static void WriteByte(ArrayBufferWriter<byte> target, byte value)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }
}
