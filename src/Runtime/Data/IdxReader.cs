using System.Buffers.Binary;
using System.IO.Compression;

namespace Backprop;

/// <summary>
/// Reads files in the IDX format of the MNIST database, plain or gzip: two zero bytes, the type of the elements (8: unsigned
/// bytes), the number of dimensions, each dimension as a big-endian 32-bit number, then the elements.
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
/// </summary>
internal static class IdxReader
{
    private const byte UnsignedByte = 8;

    /// <summary>Reads images and their labels.</summary>
    /// <param name="images">The images [count, …]; left open.</param>
    /// <param name="imagesName">What to call the images in errors.</param>
    /// <param name="labels">The labels [count]; left open.</param>
    /// <param name="labelsName">What to call the labels in errors.</param>
    /// <param name="classes">The number of classes.</param>
    /// <exception cref="DataFormatException">A file does not hold what it should.</exception>
    public static Dataset Read(Stream images, string imagesName, Stream labels, string labelsName, int classes)
    {
        var (imageDimensions, pixels) = ReadArray(images, imagesName);
        var (labelDimensions, digits) = ReadArray(labels, labelsName);
        if (imageDimensions.Length < 2)
            throw new DataFormatException("expected images, of 2 or more dimensions, found 1", imagesName);
        if (labelDimensions.Length != 1)
            throw new DataFormatException($"expected labels, of 1 dimension, found {labelDimensions.Length}", labelsName);
        if (digits.Length != imageDimensions[0])
            throw new DataFormatException($"expected {imageDimensions[0]} labels, as many as {imagesName} holds images, found {digits.Length}", labelsName);
        if (digits.Length == 0)
            throw new DataFormatException("expected at least one image, found none", imagesName);
        if (pixels.Length == 0)
            throw new DataFormatException($"expected images of at least one pixel, found dimensions {string.Join(" × ", imageDimensions)}", imagesName);

        var inputs = new float[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
            inputs[i] = pixels[i];
        var targets = new float[digits.Length * classes];
        for (int i = 0; i < digits.Length; i++)
        {
            if (digits[i] >= classes)
                throw new DataFormatException($"expected labels from 0 to {classes - 1}, found {digits[i]} at place {i} (counted from 0)", labelsName);
            targets[i * classes + digits[i]] = 1f;
        }
        return new Dataset(inputs, targets, pixels.Length / digits.Length, classes, [.. Enumerable.Range(0, classes).Select(c => $"{c}")]);
    }

    private static (int[] Dimensions, byte[] Elements) ReadArray(Stream stream, string name)
    {
        try
        {
            // Not every stream can seek, so the two bytes that tell gzip from plain are looked at in a copy.
            var raw = new MemoryStream();
            stream.CopyTo(raw);
            bool gzip = raw.Length >= 2 && raw.GetBuffer()[0] == 0x1F && raw.GetBuffer()[1] == 0x8B;
            raw.Position = 0;
            using Stream plain = gzip ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            return ReadPlain(plain, name);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException($"expected sound gzip data: {e.Message}", name, innerException: e);
        }
    }

    private static (int[] Dimensions, byte[] Elements) ReadPlain(Stream stream, string name)
    {
        byte[] magic = ReadUpTo(stream, 4);
        if (magic.Length < 4)
            throw new DataFormatException($"expected a header of at least 8 bytes, found a file of {magic.Length}", name);
        if (magic is not [0, 0, UnsignedByte, > 0])
            throw new DataFormatException(
                $"expected an IDX file of unsigned bytes, which begins 00 00 08 and the number of dimensions, found {Convert.ToHexString(magic)}", name);

        byte[] header = ReadUpTo(stream, 4 * magic[3]);
        if (header.Length < 4 * magic[3])
            throw new DataFormatException($"expected {magic[3]} dimensions of 4 bytes each, found {header.Length} bytes", name);
        var dimensions = new int[magic[3]];
        long length = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            uint dimension = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 * i));
            length = dimension <= Array.MaxLength && length <= Array.MaxLength ? length * dimension : long.MaxValue;
            if (length > Array.MaxLength)
                throw new DataFormatException($"expected at most {Array.MaxLength} elements, found dimensions that ask for more", name);
            dimensions[i] = (int)dimension;
        }

        byte[] elements = ReadUpTo(stream, length);
        if (elements.Length < length)
            throw new DataFormatException($"expected {length} bytes after the header ({string.Join(" × ", dimensions)}), found {elements.Length}", name);
        if (stream.ReadByte() >= 0)
            throw new DataFormatException($"expected {length} bytes after the header ({string.Join(" × ", dimensions)}), found more", name);
        return (dimensions, elements);
    }

    /// <summary>Reads up to a number of bytes. It grows with what is there, so that a wrong header costs no memory.</summary>
    private static byte[] ReadUpTo(Stream stream, long count)
    {
        var bytes = new MemoryStream();
        var chunk = new byte[64 * 1024];
        while (bytes.Length < count)
        {
            int read = stream.Read(chunk, 0, (int)Math.Min(chunk.Length, count - bytes.Length));
            if (read == 0)
                break;
            bytes.Write(chunk, 0, read);
        }
        return bytes.ToArray();
    }
}
