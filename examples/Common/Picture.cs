namespace Avial.Examples;

/// <summary>Pixels of red, green and blue between 0 and 1.</summary>
public sealed class Picture(int width, int height)
{
    private readonly Rgb[] _pixels = new Rgb[width * height];

    /// <summary>Pixels in a row.</summary>
    public int Width => width;

    /// <summary>Rows.</summary>
    public int Height => height;

    /// <summary>The colour of one pixel.</summary>
    public Rgb this[int row, int column]
    {
        get => _pixels[row * width + column];
        set => _pixels[row * width + column] = value;
    }

    /// <summary>A picture of the pixels, row by row from the top left.</summary>
    public static Picture From(Rgb[,] pixels)
    {
        var picture = new Picture(pixels.GetLength(1), pixels.GetLength(0));
        for (var row = 0; row < picture.Height; row++)
        {
            for (var column = 0; column < picture.Width; column++) picture[row, column] = pixels[row, column];
        }
        return picture;
    }

    /// <summary>The pixels, row by row from the top left.</summary>
    public Rgb[,] ToArray()
    {
        var pixels = new Rgb[height, width];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++) pixels[row, column] = this[row, column];
        }
        return pixels;
    }

    /// <summary>Writes the picture as PNG; colours outside 0…1 are clamped.</summary>
    public void Save(string path)
    {
        var bytes = new byte[3 * _pixels.Length];
        for (var i = 0; i < _pixels.Length; i++)
        {
            bytes[3 * i] = ToByte(_pixels[i].R);
            bytes[3 * i + 1] = ToByte(_pixels[i].G);
            bytes[3 * i + 2] = ToByte(_pixels[i].B);
        }
        Png.Save(path, width, height, bytes);
    }

    private static byte ToByte(double value) => (byte)Math.Round(255 * Math.Clamp(value, 0, 1));
}

/// <summary>A colour: red, green and blue between 0 and 1.</summary>
public readonly record struct Rgb(double R, double G, double B)
{
    /// <summary>From a number such as <c>0x3A7D44</c>.</summary>
    public static Rgb Hex(int rgb) => new((rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);

    /// <summary>This colour at 0, <paramref name="other"/> at 1.</summary>
    public Rgb Mix(Rgb other, double share) =>
        new(R + share * (other.R - R), G + share * (other.G - G), B + share * (other.B - B));

    /// <summary>Darker below 1, brighter above.</summary>
    public Rgb Scale(double factor) => new(R * factor, G * factor, B * factor);
}
