using System.Buffers;
using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace KafkaCaching.EntityFrameworkCore.Rows;

/// <summary>Serializes the values of cells. A cell is a byte for its type, followed by the value.</summary>
internal static class Cells
{
    private enum Kind : byte
    {
        Null, False, True, Byte, SByte, Int16, UInt16, Int32, UInt32, Int64, UInt64, Single, Double, Decimal, Char, Text, Bytes, Guid,
        DateTime, DateTimeOffset, TimeSpan, DateOnly, TimeOnly, Array, List, WideText,
    }

    private static readonly Type[] ItemTypes = [
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double), typeof(decimal), typeof(char), typeof(string), typeof(Guid), typeof(DateTime),
        typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly), typeof(bool?),
        typeof(short?), typeof(int?), typeof(long?), typeof(float?),
        typeof(double?), typeof(decimal?), typeof(Guid?), typeof(DateTime?), typeof(DateTimeOffset?), typeof(DateOnly?), typeof(TimeOnly?),
        typeof(TimeSpan?), typeof(byte[]),
    ];

    /// <exception cref="NotSupportedException">The cache doesn't keep values of this type.</exception>
    public static void Write(IBufferWriter<byte> target, object? value)
    {
        switch (value)
        {
            case null or DBNull: Put(target, Kind.Null, []); break;
            case bool truth: Put(target, truth ? Kind.True : Kind.False, []); break;
            case byte number: Put(target, Kind.Byte, [number]); break;
            case sbyte number: Put(target, Kind.SByte, [(byte)number]); break;
            case short number: PutRaw(target, Kind.Int16, number); break;
            case ushort number: PutRaw(target, Kind.UInt16, number); break;
            case int number: PutRaw(target, Kind.Int32, number); break;
            case uint number: PutRaw(target, Kind.UInt32, number); break;
            case long number: PutRaw(target, Kind.Int64, number); break;
            case ulong number: PutRaw(target, Kind.UInt64, number); break;
            case float number: PutRaw(target, Kind.Single, number); break;
            case double number: PutRaw(target, Kind.Double, number); break;
            case decimal number: PutRaw(target, Kind.Decimal, number); break;
            case char letter: PutRaw(target, Kind.Char, letter); break;
            case string text: PutText(target, text); break;
            case byte[] bytes: PutSized(target, Kind.Bytes, bytes); break;
            case Guid id: PutRaw(target, Kind.Guid, id); break;
            case DateTime time:
                PutRaw(target, Kind.DateTime, time.Ticks);
                target.Write([(byte)time.Kind]);
                break;
            case DateTimeOffset time:
                PutRaw(target, Kind.DateTimeOffset, time.Ticks);
                target.Write(BitConverter.GetBytes(time.Offset.Ticks));
                break;
            case TimeSpan time: PutRaw(target, Kind.TimeSpan, time.Ticks); break;
            case DateOnly date: PutRaw(target, Kind.DateOnly, date.DayNumber); break;
            case TimeOnly time: PutRaw(target, Kind.TimeOnly, time.Ticks); break;
            case Array { Rank: 1 } array: PutItems(target, Kind.Array, array, array.GetType().GetElementType()!); break;
            case IList list when ItemOf(list.GetType()) is { } item: PutItems(target, Kind.List, list, item); break;
            default: throw Unknown(value.GetType());
        }
    }

    public static object? Read(ReadOnlySpan<byte> cells, ref int at)
    {
        var kind = (Kind)cells[at++];
        return kind switch
        {
            Kind.Null => null,
            Kind.False => false,
            Kind.True => true,
            Kind.Byte => cells[at++],
            Kind.SByte => (sbyte)cells[at++],
            Kind.Int16 => TakeRaw<short>(cells, ref at),
            Kind.UInt16 => TakeRaw<ushort>(cells, ref at),
            Kind.Int32 => TakeRaw<int>(cells, ref at),
            Kind.UInt32 => TakeRaw<uint>(cells, ref at),
            Kind.Int64 => TakeRaw<long>(cells, ref at),
            Kind.UInt64 => TakeRaw<ulong>(cells, ref at),
            Kind.Single => TakeRaw<float>(cells, ref at),
            Kind.Double => TakeRaw<double>(cells, ref at),
            Kind.Decimal => TakeRaw<decimal>(cells, ref at),
            Kind.Char => TakeRaw<char>(cells, ref at),
            Kind.Text => Encoding.UTF8.GetString(TakeSized(cells, ref at)),
            Kind.WideText => Utf16.TextOf(TakeSized(cells, ref at)),
            Kind.Bytes => TakeSized(cells, ref at).ToArray(),
            Kind.Guid => TakeRaw<Guid>(cells, ref at),
            Kind.DateTime => new DateTime(TakeRaw<long>(cells, ref at), (DateTimeKind)cells[at++]),
            Kind.DateTimeOffset => new DateTimeOffset(TakeRaw<long>(cells, ref at), new TimeSpan(TakeRaw<long>(cells, ref at))),
            Kind.TimeSpan => new TimeSpan(TakeRaw<long>(cells, ref at)),
            Kind.DateOnly => DateOnly.FromDayNumber(TakeRaw<int>(cells, ref at)),
            Kind.TimeOnly => new TimeOnly(TakeRaw<long>(cells, ref at)),
            Kind.Array or Kind.List => TakeItems(cells, kind, ref at),
            _ => throw new FormatException("The cell is of a type that this version doesn't know."),
        };
    }

    /// <summary>Copies a mutable value, because the caller of a query may change it before the row is written.</summary>
    /// <exception cref="NotSupportedException">The cache doesn't keep values of this type.</exception>
    public static object? Copy(object? value)
    {
        if (value is not IList)
            return value;
        var cell = new ArrayBufferWriter<byte>();
        Write(cell, value);
        var at = 0;
        return Read(cell.WrittenSpan, ref at);
    }

    /// <summary>Skips a cell.</summary>
    public static void Skip(ReadOnlySpan<byte> cells, ref int at)
    {
        switch ((Kind)cells[at])
        {
            case Kind.Null or Kind.False or Kind.True:
                at++;
                break;
            case Kind.Byte or Kind.SByte:
                at += 2;
                break;
            case Kind.Int16 or Kind.UInt16 or Kind.Char:
                at += 3;
                break;
            case Kind.Int32 or Kind.UInt32 or Kind.Single or Kind.DateOnly:
                at += 5;
                break;
            case Kind.Int64 or Kind.UInt64 or Kind.Double or Kind.TimeSpan or Kind.TimeOnly:
                at += 9;
                break;
            case Kind.DateTime:
                at += 10;
                break;
            case Kind.Decimal or Kind.Guid or Kind.DateTimeOffset:
                at += 17;
                break;
            case Kind.Text or Kind.WideText or Kind.Bytes:
                at++;
                TakeSized(cells, ref at);
                break;
            default:
                Read(cells, ref at);
                break;
        }
    }

    public static bool IsNull(ReadOnlySpan<byte> cells, int at) => cells[at] == (byte)Kind.Null;

    public static NotSupportedException Unknown(Type type) => new(
        $"The query reads a column as {type}, which the cache doesn't keep. Select the column as text, a number, a time, bytes or a "
        + $"list of those, or leave out .Cached().");

    private static Type? ItemOf(Type list) =>
        list.IsGenericType && list.GetGenericTypeDefinition() == typeof(List<>) ? list.GenericTypeArguments[0] : null;

    private static void Put(IBufferWriter<byte> target, Kind kind, ReadOnlySpan<byte> value)
    {
        target.Write([(byte)kind]);
        target.Write(value);
    }

    private static void PutRaw<T>(IBufferWriter<byte> target, Kind kind, T value)
        where T : unmanaged =>
        Put(target, kind, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    private static void PutSized(IBufferWriter<byte> target, Kind kind, ReadOnlySpan<byte> value)
    {
        PutRaw(target, kind, value.Length);
        target.Write(value);
    }

    private static void PutText(IBufferWriter<byte> target, string text)
    {
        if (Utf16.IsNeededFor(text))
            PutSized(target, Kind.WideText, Utf16.BytesOf(text));
        else
            PutSized(target, Kind.Text, Encoding.UTF8.GetBytes(text));
    }

    private static void PutItems(IBufferWriter<byte> target, Kind kind, IList items, Type type)
    {
        var number = Array.IndexOf(ItemTypes, type);
        if (number < 0)
            throw Unknown(items.GetType());
        PutRaw(target, kind, items.Count);
        target.Write([(byte)number]);
        foreach (var item in items)
            Write(target, item);
    }

    private static T TakeRaw<T>(ReadOnlySpan<byte> cells, ref int at)
        where T : unmanaged
    {
        var value = MemoryMarshal.Read<T>(cells[at..]);
        at += Unsafe.SizeOf<T>();
        return value;
    }

    private static ReadOnlySpan<byte> TakeSized(ReadOnlySpan<byte> cells, ref int at)
    {
        var length = TakeRaw<int>(cells, ref at);
        var value = cells.Slice(at, length);
        at += length;
        return value;
    }

    private static IList TakeItems(ReadOnlySpan<byte> cells, Kind kind, ref int at)
    {
        var count = TakeRaw<int>(cells, ref at);
        var type = ItemTypes[cells[at++]];
        var array = Array.CreateInstance(type, count);
        for (var i = 0; i < count; i++)
            array.SetValue(Read(cells, ref at), i);
        return kind == Kind.Array ? array : (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type), array)!;
    }
}
