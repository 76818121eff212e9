// Starts Swagger UI on the API's document; a file of its own because the pages allow no inline script.
const place = document.getElementById("swagger-ui");
window.SwaggerUIBundle({ domNode: place, url: place.dataset.address, deepLinking: true, validatorUrl: null });
