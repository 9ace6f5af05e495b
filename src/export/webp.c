// The library keeps what changed from picture to picture. Lossless: letters stay sharp, and flat
// colour is what lossless WebP is best at.
#include "export/webp.h"

#include <webp/encode.h>
#include <webp/mux.h>

struct Webp {
    WebPAnimEncoder *encoder;
    WebPConfig config;
    int width, height;
};

Webp *webp_new(Arena *a, int width, int height) {
    Webp *webp = ARENA_NEW(a, Webp);
    WebPAnimEncoderOptions options;
    *webp = (Webp){.width = width, .height = height};
    if (!WebPAnimEncoderOptionsInit(&options) || !WebPConfigInit(&webp->config)) return NULL;
    options.anim_params.loop_count = 0;
    webp->config.lossless = 1;
    webp->config.quality = 20; // effort: smaller files take many times longer
    webp->config.method = 1;
    webp->encoder = WebPAnimEncoderNew(width, height, &options);
    return webp->encoder ? webp : NULL;
}

bool webp_frame(Webp *webp, cairo_surface_t *image, int start) {
    WebPPicture picture;
    if (!WebPPictureInit(&picture)) return false;
    picture.use_argb = 1;
    picture.width = webp->width;
    picture.height = webp->height;
    bool done = WebPPictureImportBGRX(&picture, cairo_image_surface_get_data(image),
                                      cairo_image_surface_get_stride(image)) &&
                WebPAnimEncoderAdd(webp->encoder, &picture, start, &webp->config);
    WebPPictureFree(&picture);
    return done;
}

bool webp_end(Webp *webp, int end, Buf *out) {
    WebPData data;
    WebPDataInit(&data);
    bool done = out && WebPAnimEncoderAdd(webp->encoder, NULL, end, NULL) &&
                WebPAnimEncoderAssemble(webp->encoder, &data);
    if (done) buf_put(out, (const char *)data.bytes, data.size);
    WebPDataClear(&data);
    WebPAnimEncoderDelete(webp->encoder);
    return done;
}
